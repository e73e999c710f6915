/// Why a ledger cannot be worked with: a person has to look (`cdb verify`).
public enum LedgerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A higher sequence is there, the next one is not.
    case hole(stream: String, expected: Int64, found: Int64)
    /// The top of a stream is not the one its owner remembers.
    case top(stream: String, remembered: Int64, found: Int64)
    /// The top of a stream has another hash than its owner remembers.
    case forgedTop(stream: String, sequence: Int64)
    /// A state that is no JSON document we wrote.
    case unreadableState(service: String, key: String, reason: String)

    public var description: String {
        switch self {
        case .hole(let stream, let expected, let found):
            "the ledger has a hole: \(stream)-\(expected) is missing, \(stream)-\(found) is there;"
                + " run `cdb verify`"
        case .top(let stream, let remembered, let found):
            "the ledger's stream \(stream) ends at \(found), its owner remembers \(remembered):"
                + " rows were removed or added; run `cdb verify`"
        case .forgedTop(let stream, let sequence):
            "the hash of \(stream)-\(sequence) is not the one its owner remembers:"
                + " the ledger was changed; run `cdb verify`"
        case .unreadableState(let service, let key, let reason):
            "the state `\(key)` of \(service) cannot be read: \(reason)"
        }
    }
}
