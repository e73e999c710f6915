import CoreModels
import DecisionCores

/// One row per round trip, written again with each of its fills.
struct TradesTable {
    private var rows: [TradeRow] = []
    /// Where in `rows` a trade stands: the last state of a batch counts.
    private var places: [String: Int] = [:]

    mutating func append(_ row: TradeRow) {
        if let place = places[row.id] {
            rows[place] = row
        } else {
            places[row.id] = rows.count
            rows.append(row)
        }
    }

    var call: SQLCall? {
        guard !rows.isEmpty else { return nil }
        return Self.upsert(
            text(\.id), text(\.signalID), text(\.symbol.description), text(\.side.rawValue),
            number(\.quantity), number(\.entryPrice), number(\.exitPrice), number(\.pnl),
            number(\.pnlPct), number(\.fees), text(\.status), text(\.entryOrderID),
            text(\.exitOrderID), time(\.openedAt), time(\.closedAt))
    }

    private func text(_ field: (TradeRow) -> String?) -> SQLParameter {
        column(.text) { $0.append(field($1)) }
    }

    private func number<Unit>(_ field: (TradeRow) -> Fixed<Unit>?) -> SQLParameter {
        column(.number) { $0.append(field($1)) }
    }

    private func time(_ field: (TradeRow) -> Timestamp?) -> SQLParameter {
        column(.time) { $0.append(field($1)) }
    }

    private func column(
        _ element: SQLColumn.Element, _ append: (inout SQLColumn, TradeRow) -> Void
    ) -> SQLParameter {
        var column = SQLColumn(element)
        for row in rows { append(&column, row) }
        return .column(column)
    }

    private static let upsert = SQLStatement(
        "trades_upsert",
        """
        INSERT INTO trades (trade_id, signal_id, symbol, side, quantity, entry_price, exit_price,
            pnl, pnl_pct, fees, status, entry_order_id, exit_order_id, opened_at, closed_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[],
            $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[],
            $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[])
        ON CONFLICT (trade_id) DO UPDATE SET
            quantity = excluded.quantity, entry_price = excluded.entry_price,
            exit_price = excluded.exit_price, pnl = excluded.pnl, pnl_pct = excluded.pnl_pct,
            fees = excluded.fees, status = excluded.status,
            exit_order_id = excluded.exit_order_id, closed_at = excluded.closed_at
        """)
}

extension TradeRow {
    fileprivate var status: String { isOpen ? "OPEN" : "CLOSED" }
}
