/// A consumer's word to a replayer that it has handled a message (docs/DELIVERY.md, lock-step).
public struct ProgressBell: Equatable, Sendable {
    /// A stream, or a consumer, with a sequence.
    public struct Mark: Equatable, Sendable {
        public var stream: String
        public var sequence: Int64

        public init(stream: String, sequence: Int64) {
            self.stream = stream
            self.sequence = sequence
        }
    }

    public var service: String
    public var feed: String
    /// The last market_data of the feed that was handled.
    public var sequence: Int64
    /// The last one whose effects are committed.
    public var committed: Int64
    /// The last sequence emitted per own stream, in the order of the streams.
    public var heads: [Mark]
    /// The last sequence handled per consumed stream, in the order of the streams.
    public var offsets: [Mark]

    public init(
        service: String, feed: String, sequence: Int64, committed: Int64, heads: [Mark] = [],
        offsets: [Mark] = []
    ) {
        self.service = service
        self.feed = feed
        self.sequence = sequence
        self.committed = committed
        self.heads = heads
        self.offsets = offsets
    }
}
