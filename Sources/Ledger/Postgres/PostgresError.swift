/// What can go wrong with the database. No text holds a password.
public enum PostgresError: Error, Equatable, Sendable {
    /// No server answers there, or it takes no connections yet.
    case refused(String)
    /// User or password are wrong.
    case authentication(String)
    /// The session is gone; nothing of the last transaction was stored.
    case connectionLost(String)
    /// The session broke after COMMIT was sent: stored or not, nobody knows but the ledger.
    case unknownOutcome(String)
    /// Somebody else wrote to a stream of ours: the lock was lost.
    case ownershipLost(String)
    /// The server refused a statement; the session lives.
    case sqlState(code: String, message: String)

    /// True when a new session may succeed where this one failed.
    public var isRetryable: Bool {
        switch self {
        case .refused, .connectionLost, .unknownOutcome, .ownershipLost: true
        case .authentication: false
        case .sqlState(let code, _):
            // Rollbacks, missing resources (a full disk), locks, a server going down, I/O errors.
            ["40", "53", "55", "57", "58"].contains(String(code.prefix(2))) || code == "25006"
        }
    }
}

extension PostgresError {
    /// The ledger did not hold what a batch was made of (`CommitBatch.unproven`).
    public var isFailedProof: Bool {
        if case .sqlState(StoreSQL.divisionByZero, _) = self { true } else { false }
    }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let text): "Postgres is not reachable: \(text)"
        case .authentication(let text):
            "Postgres refused the login: \(text); check POSTGRES_USER and POSTGRES_PASSWORD"
        case .connectionLost(let text): "the Postgres session was lost: \(text)"
        case .unknownOutcome(let text): "the outcome of a commit is unknown: \(text)"
        case .ownershipLost(let text): "the ownership of a stream was lost: \(text)"
        case .sqlState(let code, let message): "Postgres \(code): \(message)"
        }
    }
}
