import CoreModels

/// The first thing that is wrong with a ledger, and where.
public struct LedgerViolation: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        /// A stream that no service owns.
        case unknownStream = "unknown_stream"
        /// A number is missing or there twice.
        case gap
        /// A row is not what its hash says.
        case hash
        /// The top of a stream is not the one its owner remembers.
        case top
        /// A column says something else than the payload.
        case column
        /// A row that cannot be read and is not in dead_letters.
        case unreadable
        case decision
        case result
        case cash
        case positions
        case readTable = "read_table"
    }

    public let kind: Kind
    /// The stream, or the read table.
    public let place: String
    /// 0 when no single event is meant.
    public let sequence: Int64
    public let text: String

    init(_ kind: Kind, _ place: String, _ sequence: Int64, _ text: String) {
        self.kind = kind
        self.place = place
        self.sequence = sequence
        self.text = text
    }

    public var description: String {
        "\(place)\(sequence > 0 ? " seq \(sequence)" : ""): \(text)"
    }
}

/// An id `<stream>-<seq>` in its parts.
struct EventID: Equatable {
    var stream: String
    var sequence: Int64

    init?(_ text: String) {
        guard let dash = text.lastIndex(of: "-"),
            let sequence = Int64(text[text.index(after: dash)...]), sequence > 0
        else { return nil }
        stream = String(text[..<dash])
        self.sequence = sequence
    }
}
