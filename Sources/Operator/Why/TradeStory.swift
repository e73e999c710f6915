import CoreModels
import Ledger
import WireFormats

/// A round trip, open or closed, as the read tables have it.
struct TradeStory {
    let id: String
    let symbol: String
    let side: String
    let quantity: String
    let entryPrice: String
    /// Nil while the position is open.
    let exitPrice: String?
    let pnl: Money
    let fees: Money
    let status: String
    let opened: String
    let closed: String?
    /// Every order that filled something of it, the first one first.
    let orders: [String]

    /// - Parameter key: the id of a trade, or the symbol of its position, whose newest trade counts.
    init?(_ key: String, _ reader: LedgerReader) throws {
        let symbol = Symbol(key)?.description ?? ""
        let result = try reader.run(Self.trade(.text(key), .text(symbol)))
        guard result.rowCount > 0 else { return nil }
        func text(_ column: Int) -> String? {
            result.isNull(0, column) ? nil : result.text(0, column)
        }
        id = result.text(0, 0)
        self.symbol = result.text(0, 1)
        side = result.text(0, 2)
        quantity = result.text(0, 3)
        entryPrice = result.text(0, 4)
        exitPrice = text(5)
        pnl = Money(result.text(0, 6)) ?? .zero
        fees = Money(result.text(0, 7)) ?? .zero
        status = result.text(0, 8)
        opened = result.text(0, 9)
        closed = text(10)
        let fills = try reader.run(
            Self.fills(
                .text(result.text(0, 1)), .integer(result.integer(0, 11)),
                .integer(result.integer(0, 12))))
        orders = (0..<fills.rowCount).map { fills.text($0, 0) }
    }

    var lines: [String] {
        let end =
            exitPrice.map { "closed \(closed ?? "") at \($0)" } ?? "still open"
        return [
            "\(id): \(side) \(quantity) \(symbol) at \(entryPrice), opened \(opened), \(end)",
            "    PnL \(pnl.cents) USDT after fees of \(fees.cents); orders "
                + orders.joined(separator: ", "),
        ]
    }

    var value: Value {
        .object([
            .init("trade_id", .text(id)), .init("symbol", .text(symbol)),
            .init("side", .text(side)), .init("quantity", .number(Quantity(quantity))),
            .init("entry_price", .number(Price(entryPrice))),
            .init("exit_price", .number(exitPrice.flatMap { Price($0) })),
            .init("pnl", .number(pnl)), .init("fees", .number(fees)),
            .init("status", .text(status)), .init("opened_at", .text(opened)),
            .init("closed_at", .text(closed)), .init("orders", .list(orders.map { .text($0) })),
        ])
    }

    private static let trade = SQLStatement(
        "why_trade",
        """
        SELECT trade_id, symbol, side, trim_scale(quantity)::text, trim_scale(entry_price)::text,
            trim_scale(exit_price)::text, pnl::text, fees::text, status,
            to_char(opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            to_char(closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            coalesce(substring(entry_order_id FROM '([0-9]+)$'), '0')::bigint,
            coalesce(substring(exit_order_id FROM '([0-9]+)$'), '9000000000000000000')::bigint
        FROM trades WHERE trade_id = $1 OR symbol = $2
        ORDER BY opened_at DESC, length(trade_id) DESC, trade_id DESC LIMIT 1
        """)
    private static let fills = SQLStatement(
        "why_fills",
        """
        SELECT order_id FROM fills WHERE symbol = $1
            AND coalesce(substring(order_id FROM '([0-9]+)$'), '0')::bigint
                BETWEEN $2::bigint AND $3::bigint
        ORDER BY length(fill_id), fill_id
        """)
}
