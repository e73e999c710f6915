/// Why there is no connection to Redis. Holds no secrets.
public enum RedisError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreachable(address: String, reason: String)
    /// The password is wrong, missing, or sent to a server that has none, or there is no such user.
    case notAuthenticated(address: String, reply: String)
    /// Redis answered a command with an error.
    case refused(address: String, reply: String)
    case closed(address: String, reason: String)
    /// It did not answer for so long.
    case silent(address: String, milliseconds: Int64)
    /// What arrived is not Redis' protocol, or a message is larger than we hold.
    case unintelligible(address: String, reason: String)

    /// Whether a further attempt may succeed without anybody changing a setting.
    public var isRetryable: Bool {
        switch self {
        case .unreachable, .closed, .silent, .refused: true
        case .notAuthenticated, .unintelligible: false
        }
    }

    public var description: String {
        switch self {
        case .unreachable(let address, let reason): "cannot reach Redis at \(address): \(reason)"
        case .notAuthenticated(let address, let reply):
            "Redis at \(address) does not let us in (\(reply)); remedy: check REDIS_USER and REDIS_PASSWORD"
        case .refused(let address, let reply): "Redis at \(address) refuses: \(reply)"
        case .closed(let address, let reason):
            "the connection to Redis at \(address) broke: \(reason)"
        case .silent(let address, let milliseconds):
            "Redis at \(address) has not answered for \(milliseconds) ms"
        case .unintelligible(let address, let reason):
            "Redis at \(address) sent what we cannot take: \(reason)"
        }
    }

    /// An error reply, sorted by its first word.
    static func reply(_ reply: String, address: String) -> RedisError {
        let isAboutPassword =
            reply.hasPrefix("NOAUTH") || reply.hasPrefix("WRONGPASS")
            || reply.hasPrefix("ERR AUTH") || reply.hasPrefix("ERR invalid password")
        return isAboutPassword
            ? .notAuthenticated(address: address, reply: reply)
            : .refused(address: address, reply: reply)
    }
}
