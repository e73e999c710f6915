import CoreModels
import Ledger

/// Reads the summary from Postgres: one round trip, one snapshot.
enum SummaryQuery {
    /// - Throws: `PostgresError`.
    static func read(_ connection: PostgresConnection) throws(PostgresError) -> Summary {
        let results = try connection.run([
            signals(), decisions(), orders(), orderResults(), trades(), account(), halts(),
            fingerprint(),
        ])
        var summary = Summary()
        summary.signals = results[0].integer(0, 0)
        takeDecisions(results[1], into: &summary)
        for row in rows(results[2]) {
            let count = results[2].integer(row, 1)
            summary.orders += count
            summary.orderReasons.append(.init(name: results[2].text(row, 0), count: count))
        }
        takeResults(results[3], into: &summary)
        summary.tradesOpen = results[4].integer(0, 0)
        summary.tradesClosed = results[4].integer(0, 1)
        summary.tradesWon = results[4].integer(0, 2)
        summary.realized = Money(results[4].text(0, 3)) ?? .zero
        takeAccount(results[5], into: &summary)
        summary.halts = results[6].integer(0, 0)
        if !results[7].isNull(0, 0) { summary.fingerprint = results[7].text(0, 0) }
        return summary
    }

    private static func rows(_ result: PostgresResult) -> Range<Int> { 0..<result.rowCount }

    private static func takeDecisions(_ result: PostgresResult, into summary: inout Summary) {
        for row in rows(result) {
            let count = result.integer(row, 4)
            summary.decisions += count
            if result.flag(row, 3) { summary.decisionsOfSignals += count }
            switch RiskDecision.Verdict(rawValue: result.text(row, 0)) {
            case .approved: summary.approved += count
            case .trimmed: summary.trimmed += count
            case .rejected:
                summary.rejected += count
                summary.rejections.append(
                    .init(
                        layer: Int(result.text(row, 1)), code: result.text(row, 2), count: count))
            case nil: break
            }
        }
    }

    private static func takeResults(_ result: PostgresResult, into summary: inout Summary) {
        for row in rows(result) {
            let count = result.integer(row, 1)
            summary.results += count
            summary.resultStatuses.append(.init(name: result.text(row, 0), count: count))
            summary.fills += result.integer(row, 2)
            summary.fees += Money(result.text(row, 3)) ?? .zero
        }
    }

    private static func takeAccount(_ result: PostgresResult, into summary: inout Summary) {
        guard result.rowCount == 1, !result.isNull(0, 0) else { return }
        summary.equity = Money(result.text(0, 0))
        summary.trading = result.text(0, 1)
        summary.maximumDrawdownPct = Ratio(result.text(0, 2)) ?? .zero
    }

    private static let signals = SQLStatement(
        "summary_signals", "SELECT count(*) FROM ledger WHERE stream = 'signals'")

    private static let decisions = SQLStatement(
        "summary_decisions",
        """
        SELECT payload->>'verdict', coalesce(payload->>'layer', ''), payload->>'code',
            payload->>'signal_id' IS NOT NULL, count(*)
        FROM ledger WHERE stream = 'risk_decisions' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        """)

    private static let orders = SQLStatement(
        "summary_orders",
        """
        SELECT payload->>'reason', count(*) FROM ledger WHERE stream = 'orders'
        GROUP BY 1 ORDER BY 1
        """)

    private static let orderResults = SQLStatement(
        "summary_results",
        """
        SELECT payload->>'status', count(*),
            count(*) FILTER (WHERE (payload->>'filled_quantity')::numeric > 0),
            coalesce(sum((payload->>'fee')::numeric), 0)::text
        FROM ledger WHERE stream = 'order_results' GROUP BY 1 ORDER BY 1
        """)

    private static let trades = SQLStatement(
        "summary_trades",
        """
        SELECT count(*) FILTER (WHERE status = 'OPEN'), count(*) FILTER (WHERE status = 'CLOSED'),
            count(*) FILTER (WHERE status = 'CLOSED' AND pnl > 0), coalesce(sum(pnl), 0)::text
        FROM trades
        """)

    /// Each stream's top hash covers the whole stream.
    private static let fingerprint = SQLStatement(
        "summary_fingerprint",
        """
        SELECT encode(sha256(string_agg(l.hash, ''::bytea ORDER BY s.rank)), 'hex')
        FROM unnest(ARRAY['signals', 'risk_decisions', 'orders', 'order_results'])
            WITH ORDINALITY AS s(stream, rank)
        CROSS JOIN LATERAL (SELECT hash FROM ledger WHERE stream = s.stream
            ORDER BY seq DESC LIMIT 1) AS l
        """)

    /// What cdb_risk calls critical is a halt, but for an order that failed.
    private static let halts = SQLStatement(
        "summary_halts",
        """
        SELECT count(*) FROM ledger WHERE stream = 'alerts.cdb_risk'
            AND payload->>'level' = 'CRITICAL' AND payload->>'code' <> 'EXECUTION_ERROR'
        """)

    /// The last account, and the largest fall from a peak.
    private static let account = SQLStatement(
        "summary_account",
        """
        WITH events AS (
            SELECT seq, (payload->>'equity')::numeric AS equity, payload->>'trading' AS trading,
                (payload->>'day_start_equity')::numeric AS start
            FROM ledger WHERE stream = 'account'
        ), course AS (
            SELECT seq, equity, trading, max(greatest(equity, start)) OVER (ORDER BY seq) AS peak
            FROM events
        )
        SELECT (SELECT equity FROM course ORDER BY seq DESC LIMIT 1)::text,
            (SELECT trading FROM course ORDER BY seq DESC LIMIT 1),
            coalesce(round(max((peak - equity) / nullif(peak, 0)) * 100, 6), 0)::text
        FROM course
        """)
}
