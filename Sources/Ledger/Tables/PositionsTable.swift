import CoreModels
import DecisionCores

/// One row per symbol with an open position; gone when it is flat.
struct PositionsTable {
    /// In order of first appearance; nil: no position any more. The last state of a batch counts.
    private var rows: [(symbol: Symbol, row: PositionRow?)] = []
    private var places: [Symbol: Int] = [:]

    mutating func put(_ row: PositionRow) { set(row.symbol, row) }
    mutating func remove(_ symbol: Symbol) { set(symbol, nil) }

    private mutating func set(_ symbol: Symbol, _ row: PositionRow?) {
        if let place = places[symbol] {
            rows[place].row = row
        } else {
            places[symbol] = rows.count
            rows.append((symbol, row))
        }
    }

    var putCall: SQLCall? {
        var symbol = SQLColumn(.text)
        var side = SQLColumn(.text)
        var quantity = SQLColumn(.number)
        var entryPrice = SQLColumn(.number)
        var currentPrice = SQLColumn(.number)
        var unrealized = SQLColumn(.number)
        var stopLossPrice = SQLColumn(.number)
        var openedAt = SQLColumn(.time)
        var updatedAt = SQLColumn(.time)
        for row in rows.compactMap(\.row) {
            symbol.append(row.symbol.description)
            side.append(row.isLong ? "LONG" : "SHORT")
            quantity.append(row.quantity)
            entryPrice.append(row.entryPrice)
            currentPrice.append(row.currentPrice)
            unrealized.append(row.unrealized)
            stopLossPrice.append(row.stopLossPrice)
            openedAt.append(row.openedAt)
            updatedAt.append(row.updatedAt)
        }
        guard symbol.count > 0 else { return nil }
        return Self.upsert(
            .column(symbol), .column(side), .column(quantity), .column(entryPrice),
            .column(currentPrice), .column(unrealized), .column(stopLossPrice), .column(openedAt),
            .column(updatedAt))
    }

    var removeCall: SQLCall? {
        let gone = rows.filter { $0.row == nil }.map(\.symbol.description)
        return gone.isEmpty ? nil : Self.delete(.column(SQLColumn(gone)))
    }

    private static let upsert = SQLStatement(
        "positions_upsert",
        """
        INSERT INTO positions (symbol, side, quantity, entry_price, current_price,
            unrealized_pnl, stop_loss_price, opened_at, updated_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[], $4::numeric[], $5::numeric[],
            $6::numeric[], $7::numeric[], $8::timestamptz[], $9::timestamptz[])
        ON CONFLICT (symbol) DO UPDATE SET
            side = excluded.side, quantity = excluded.quantity,
            entry_price = excluded.entry_price, current_price = excluded.current_price,
            unrealized_pnl = excluded.unrealized_pnl,
            stop_loss_price = excluded.stop_loss_price, opened_at = excluded.opened_at,
            updated_at = excluded.updated_at
        """)

    private static let delete = SQLStatement(
        "positions_delete", "DELETE FROM positions WHERE symbol = ANY($1::text[])")
}
