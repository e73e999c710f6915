import CoreModels

/// An order that was sent and whose result has not come.
struct InFlightOrder: Equatable, Sendable {
    /// Its sequence in `orders`.
    let sequence: Int64
    let symbol: Symbol
    let side: Side
    let quantity: Quantity
    /// Reference notional: what it counts for until its result.
    let notional: Money
    /// What a buy may cost; zero for a sell.
    let cash: Money
    let reduceOnly: Bool
    let reason: Order.Reason
    /// The signal at the root.
    let trace: String?
    let sent: Timestamp

    var id: String { Stream.orders.id(sequence) }
    var isProtective: Bool { reason != .signal }
}

extension InFlightOrder {
    var value: Value {
        .object([
            .init("seq", .integer(sequence)), .init("symbol", .symbol(symbol)),
            .init("side", .text(side.rawValue)), .init("quantity", .number(quantity)),
            .init("notional", .number(notional)), .init("cash", .number(cash)),
            .init("reduce_only", .flag(reduceOnly)), .init("reason", .text(reason.rawValue)),
            .init("trace", .text(trace)), .init("sent", .time(sent)),
        ])
    }

    init?(_ value: Value) {
        guard let sequence = value["seq"].integer, let symbol = value["symbol"].symbol,
            let side = value["side"].text.flatMap(Side.init(rawValue:)),
            let quantity = value["quantity"].fixed(QuantityUnit.self),
            let notional = value["notional"].fixed(MoneyUnit.self),
            let cash = value["cash"].fixed(MoneyUnit.self),
            let reduceOnly = value["reduce_only"].flag,
            let reason = value["reason"].text.flatMap(Order.Reason.init(rawValue:)),
            let sent = value["sent"].time
        else { return nil }
        self.init(
            sequence: sequence, symbol: symbol, side: side, quantity: quantity, notional: notional,
            cash: cash, reduceOnly: reduceOnly, reason: reason, trace: value["trace"].text,
            sent: sent)
    }
}
