public import CoreModels

extension ProgressBell {
    /// What a replayer calls itself.
    private static let replayer = "replayer"

    /// A replayer's word, on the same channel, that its feed ends with this number: no market_data
    /// follows. It is a numbered message of the feed like any other.
    public static func endOfData(_ reference: MarketReference) -> ProgressBell {
        ProgressBell(
            service: replayer, feed: reference.feed, sequence: reference.sequence,
            committed: reference.sequence)
    }

    public var isEndOfData: Bool { service == Self.replayer }
}

extension ProgressBell {
    /// The last sequence emitted on one of the service's own streams; 0 when it names none.
    public func head(of stream: Stream) -> Int64 { Self.sequence(of: stream, in: heads) }

    /// The last sequence handled of a consumed stream; 0 when it names none.
    public func offset(of stream: Stream) -> Int64 { Self.sequence(of: stream, in: offsets) }

    private static func sequence(of stream: Stream, in marks: [Mark]) -> Int64 {
        marks.first { $0.stream == stream.rawValue }?.sequence ?? 0
    }
}
