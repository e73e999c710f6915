public import CoreModels

/// How far everybody has come with a feed, in one snapshot of the database: what the replayer asks
/// when an answer is missing.
public struct ProgressSnapshot: Equatable, Sendable {
    /// The sequence of the feed each consumer has committed, by name of the consumer.
    public var market: [String: Int64]
    /// The last sequence of each stream; 0 when it is empty.
    public var heads: [Stream: Int64]
    /// Committed offsets of the services that decide: consumer → stream → sequence.
    public var offsets: [String: [Stream: Int64]]

    /// Who has to handle what before nothing is under way.
    static let deliveries: [(stream: Stream, consumer: Service)] = [
        (.signals, .risk), (.orders, .execution), (.orderResults, .risk),
    ]

    /// Events above the committed offset of the service that decides on them.
    public var pending: Int64 {
        Self.deliveries.reduce(0) { sum, delivery in
            let handled = offsets[delivery.consumer.rawValue]?[delivery.stream] ?? 0
            return sum + max(0, (heads[delivery.stream] ?? 0) - handled)
        }
    }

    /// - Parameter feed: the feed's name, without `market:`.
    public static func read(
        _ connection: PostgresConnection, feed: String
    ) throws(PostgresError) -> ProgressSnapshot {
        let streams = deliveries.map(\.stream.rawValue)
        let result = try connection.run(
            question(.column(SQLColumn(streams)), .text("market:\(feed)")))
        var snapshot = ProgressSnapshot(market: [:], heads: [:], offsets: [:])
        for row in 0..<result.rowCount {
            let consumer = result.text(row, 0)
            let name = result.text(row, 1)
            let sequence = result.integer(row, 2)
            guard let stream = Stream(rawValue: name) else {
                snapshot.market[consumer] = sequence
                continue
            }
            if consumer.isEmpty {
                snapshot.heads[stream] = sequence
            } else {
                snapshot.offsets[consumer, default: [:]][stream] = sequence
            }
        }
        return snapshot
    }

    private static let question = SQLStatement(
        "progress",
        """
        SELECT consumer, stream, seq FROM consumer_offset
            WHERE stream = $2 OR stream = ANY($1::text[])
        UNION ALL
        SELECT '', s.stream, coalesce((SELECT max(seq) FROM ledger WHERE stream = s.stream), 0)
            FROM unnest($1::text[]) AS s(stream)
        """)
}
