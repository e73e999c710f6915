import CoreModels
import EventSchema
import Ledger

/// Events that led to one another, in order of time: from the root down.
struct LedgerChain {
    let events: [Event]

    /// The whole chain an event belongs to; nil when the ledger does not have it.
    ///
    /// - Parameter id: of any event, `orders-5`.
    static func of(_ id: String, _ reader: LedgerReader) throws -> LedgerChain? {
        guard let (stream, sequence) = split(id) else { return nil }
        let result = try reader.run(chain(.text(stream.rawValue), .integer(sequence)))
        guard result.rowCount > 0 else { return nil }
        let events = try (0..<result.rowCount).map { row in
            try decode(result.text(row, 0), result.integer(row, 1), result.bytes(row, 2))
        }
        return LedgerChain(events: try events + announcements(events, reader))
    }

    /// Protective orders are announced by an alert that names no cause: it carries their numbers.
    private static func announcements(
        _ events: [Event], _ reader: LedgerReader
    ) throws -> [Event] {
        guard case .riskDecision(let decision) = events.first, decision.signalID == nil else {
            return []
        }
        let result = try reader.run(alerts(LedgerReader.moment(decision.timestamp)))
        return try (0..<result.rowCount).map { row in
            try decode(
                CoreModels.Stream.alertsRisk.rawValue, result.integer(row, 0), result.bytes(row, 1))
        }.filter {
            guard case .alert(let alert) = $0, alert.envelope.cause == nil else { return false }
            let symbol = alert.context["symbol"]
            return symbol == .null || symbol == .symbol(decision.symbol)
        }
    }

    /// The stream and number of an event's id.
    static func split(_ id: String) -> (CoreModels.Stream, Int64)? {
        for stream in CoreModels.Stream.allCases {
            if let number = stream.number(in: id) { return (stream, number) }
        }
        return nil
    }

    private static func decode(
        _ stream: String, _ sequence: Int64, _ payload: [UInt8]
    ) throws -> Event {
        guard let known = CoreModels.Stream(rawValue: stream) else {
            throw CommandFailure.failed("no service owns the stream \(stream): cdb verify")
        }
        return try LedgerReader.entry(known, sequence, payload).event
    }

    /// Up to the root by `cause`, and down again to everything that it led to.
    private static let chain = SQLStatement(
        "why_chain",
        """
        WITH RECURSIVE up AS (
            SELECT stream, seq, cause FROM ledger WHERE stream = $1 AND seq = $2::bigint
            UNION ALL
            SELECT l.stream, l.seq, l.cause FROM up JOIN ledger l
                ON l.stream = substring(up.cause FROM '^(.*)-[0-9]+$')
                AND l.seq = substring(up.cause FROM '([0-9]+)$')::bigint
        ), down AS (
            SELECT stream, seq FROM up WHERE cause IS NULL
            UNION ALL
            SELECT l.stream, l.seq FROM down JOIN ledger l
                ON l.cause = down.stream || '-' || down.seq
        )
        SELECT l.stream, l.seq, l.payload FROM down JOIN ledger l USING (stream, seq)
        ORDER BY l.ts, array_position(ARRAY['signals', 'risk_decisions', 'orders',
            'order_results', 'account'], l.stream), l.stream, l.seq
        """)
    private static let alerts = SQLStatement(
        "why_alerts",
        """
        SELECT seq, payload FROM ledger WHERE stream = 'alerts.cdb_risk'
            AND ts = 'epoch'::timestamptz + $1::bigint * interval '1 millisecond' ORDER BY seq
        """)
}
