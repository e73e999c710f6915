import MarketFiles
import CoreModels
import Ledger

/// What the ledger knows of the markets that were played into a stack.
struct MarketHistory: Equatable {
    /// Where the market is: the last decision event's time, or the services' market clock when that
    /// is later; nil when nothing was ever played.
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

    /// - Throws: `CommandFailure.wrongUse` when the files' time lies behind the market's and they are
    ///   none that were begun before.
    func refuseEarlier(_ market: RecordedMarket) throws(CommandFailure) {
        guard committed == nil, let lastTime, let first = market.span?.lowerBound,
            first < lastTime
        else { return }
        throw .wrongUse(
            "the files begin at \(first.text), but this stack's market is at \(lastTime.text): "
                + "time does not go back; play them in a directory of their own (--dir)")
    }

    private static let question = SQLStatement(
        "market_history",
        """
        SELECT (SELECT max(at)::bigint FROM (
                SELECT extract(epoch FROM last.ts) * 1000 AS at
                FROM unnest($1::text[]) AS s(stream) CROSS JOIN LATERAL (SELECT ts FROM ledger l
                    WHERE l.stream = s.stream ORDER BY seq DESC LIMIT 1) AS last
                UNION ALL
                SELECT (state->>'now')::numeric FROM service_state WHERE key = 'clock') AS times),
            (SELECT min(seq) FROM consumer_offset WHERE stream = $2)
        """)
}
