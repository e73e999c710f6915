import CoreModels
import Ledger

/// What the ledger knows of the markets that were played into a stack.
struct MarketHistory: Equatable {
    /// The time of the last decision event; nil when there is none.
    var lastTime: Timestamp?
    /// The number that every consumer of a feed has committed; nil for a feed it never saw.
    var committed: Int64?

    /// - Parameter feed: the feed that is to be played.
    static func read(
        _ connection: PostgresConnection, feed: String
    ) throws(PostgresError) -> MarketHistory {
        let streams = SQLColumn(Stream.allCases.map(\.rawValue))
        let result = try connection.run(question(.column(streams), .text("market:\(feed)")))
        return MarketHistory(
            lastTime: result.isNull(0, 0) ? nil : Timestamp(milliseconds: result.integer(0, 0)),
            committed: result.isNull(0, 1) ? nil : result.integer(0, 1))
    }

    private static let question = SQLStatement(
        "market_history",
        """
        SELECT (SELECT (extract(epoch FROM max(last.ts)) * 1000)::bigint
                FROM unnest($1::text[]) AS s(stream) CROSS JOIN LATERAL (SELECT ts FROM ledger l
                    WHERE l.stream = s.stream ORDER BY seq DESC LIMIT 1) AS last),
            (SELECT min(seq) FROM consumer_offset WHERE stream = $2)
        """)
}
