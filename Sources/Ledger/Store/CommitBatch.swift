public import CoreModels

/// An event as it is stored: what is published are the same bytes.
public struct LedgerEntry: Equatable, Sendable {
    public var stream: Stream
    public var envelope: Envelope
    public var timestamp: Timestamp
    /// The event as JSON.
    public var payload: [UInt8]

    public init(stream: Stream, envelope: Envelope, timestamp: Timestamp, payload: [UInt8]) {
        self.stream = stream
        self.envelope = envelope
        self.timestamp = timestamp
        self.payload = payload
    }
}

/// An input that could not be read, kept with its reason.
public struct DeadLetter: Equatable, Sendable {
    public var stream: String
    public var sequence: Int64
    public var reason: String
    public var payload: [UInt8]

    public init(stream: String, sequence: Int64, reason: String, payload: [UInt8]) {
        self.stream = stream
        self.sequence = sequence
        self.reason = reason
        self.payload = payload
    }
}

/// All that one turn of a service's loop stores: one transaction, one round trip.
public struct CommitBatch: Sendable {
    /// The last input handled per stream (`orders`, `market:<feed>`).
    public var offsets: [(stream: String, sequence: Int64)] = []
    /// Changed keys of the service's state; nil deletes.
    public var state: [(key: String, value: Value?)] = []
    /// In the order of their numbers.
    public var events: [LedgerEntry] = []
    public var deadLetters: [DeadLetter] = []
    /// Rows that were handled as the bus told them. When the ledger does not hold one of them byte
    /// for byte, nothing of the batch is stored.
    public var unproven: [LedgerRow] = []
    /// What else belongs to the transaction: read tables.
    public var calls: [SQLCall] = []

    public init() {}

    public var isEmpty: Bool {
        offsets.isEmpty && state.isEmpty && events.isEmpty && deadLetters.isEmpty
            && unproven.isEmpty && calls.isEmpty
    }
}
