public import CoreModels

/// Turns the decision streams into rows of the read tables, one event at a time.
///
/// The streams may be handled in any interleaving: equal events give equal tables, which is what
/// lets `cdb rebuild` and `cdb verify` repeat the writer's work. Only a result needs its order
/// first; `handle` says so.
public struct WriterCore: Sendable {
    /// Whether an event was taken.
    public enum Outcome: Equatable, Sendable {
        case handled
        /// A result whose order has not been handled yet: nothing changed. Leave it and what
        /// follows it in its stream until the next batch; the order is on its way.
        case orderMissing
    }

    /// An order whose result has not come.
    struct PendingOrder: Equatable, Sendable {
        var signalID: String?
        var stopLossPct: Ratio?
    }

    var numbers = StreamNumbers()
    /// The last number of the stream `orders` that was handled or parked.
    var ordersSeen: Int64 = 0
    var tradesOpened: Int64 = 0
    var pending: [String: PendingOrder] = [:]
    var open: [Symbol: OpenTrade] = [:]
    /// The last prices of the latest account event.
    var marks: [Symbol: OpenTrade.Mark] = [:]
    /// Fills whose numbers no fixed-point number can hold; they are in no position.
    public internal(set) var overflows: Int64 = 0
    /// Looked up and sorted, never iterated in its own order.
    var changed: Set<String> = []

    /// - Parameter alertsHead: the last number of the writer's own stream of alerts.
    public init(alertsHead: Int64 = 0) {
        numbers.restore(Service.writer.alerts, head: alertsHead)
    }

    /// Takes one event of the ledger.
    ///
    /// - Parameter ordersComplete: every order that was in the ledger when this event was read has
    ///   been handled or parked: one that is missing now does not come (its result is a
    ///   stranger's).
    public mutating func handle(
        _ event: Event, ordersComplete: Bool = false, into rows: inout [RowChange]
    ) -> Outcome {
        switch event {
        case .signal(let signal): rows.append(.signal(signal))
        case .riskDecision(let decision): rows += Self.rows(of: decision)
        case .order(let order): take(order, &rows)
        case .orderResult(let result): return take(result, ordersComplete, &rows)
        case .account(let account): take(account, &rows)
        case .alert(let alert): rows += Self.rows(of: alert)
        }
        return .handled
    }

    /// An event that could not be read was put aside.
    public mutating func parked(_ stream: Stream, sequence: Int64) {
        if stream == .orders { sawOrder(sequence) }
    }

    /// An alert of the writer's own stream, numbered.
    public mutating func notice(
        _ draft: AlertDraft, cause: String? = nil, trace: String? = nil, at now: Timestamp
    ) -> Event {
        changed.insert(WriterState.numbers)
        let envelope = numbers.next(Service.writer.alerts, cause: cause, trace: trace)
        return .alert(
            Alert(
                envelope: envelope, level: draft.level, code: draft.code, message: draft.message,
                context: .object(draft.context), source: .writer, timestamp: now))
    }

    // MARK: Orders and results

    private mutating func sawOrder(_ sequence: Int64) {
        ordersSeen = max(ordersSeen, sequence)
        changed.insert(WriterState.numbers)
    }

    private mutating func take(_ order: Order, _ rows: inout [RowChange]) {
        sawOrder(order.envelope.sequence)
        pending[order.orderID] = PendingOrder(
            signalID: order.signalID, stopLossPct: order.stopLossPct)
        changed.insert(WriterState.order(order.orderID))
        rows.append(.order(order))
    }

    private mutating func take(
        _ result: OrderResult, _ ordersComplete: Bool, _ rows: inout [RowChange]
    ) -> Outcome {
        guard let order = pending.removeValue(forKey: result.orderID) else {
            // A second result of an order, or that of a parked one: it has had its effect.
            return !ordersComplete && isOnItsWay(result.orderID) ? .orderMissing : .handled
        }
        changed.insert(WriterState.order(result.orderID))
        rows.append(.orderResult(result))
        guard result.filledQuantity.isPositive, let price = result.price else { return .handled }
        rows.append(.fill(result))
        book(result, price, order, &rows)
        return .handled
    }

    private func isOnItsWay(_ orderID: String) -> Bool {
        let prefix = Stream.orders.rawValue + "-"
        guard orderID.hasPrefix(prefix) else { return false }
        return Int64(orderID.dropFirst(prefix.count)).map { $0 > ordersSeen } ?? false
    }

    /// Rounded against the trader, as risk books it.
    private func notional(of result: OrderResult, _ price: Price) -> Money? {
        price.times(result.filledQuantity, result.side == .buy ? .awayFromZero : .towardZero)
    }

    private mutating func book(
        _ result: OrderResult, _ price: Price, _ order: PendingOrder, _ rows: inout [RowChange]
    ) {
        guard let notional = notional(of: result, price) else {
            overflows += 1
            return
        }
        var rest = OpenTrade.Part(
            quantity: result.filledQuantity, notional: notional, fee: result.fee)
        if let trade = open[result.symbol], trade.side != result.side {
            let part = Self.split(&rest, atMost: trade.held)
            guard close(part, trade, result, price, &rows) else { return }
        }
        if rest.quantity.isPositive { enter(rest, result, price, order, &rows) }
    }

    /// Takes at most `limit` out of a fill, with its share of notional and fee.
    private static func split(
        _ rest: inout OpenTrade.Part, atMost limit: Quantity
    ) -> OpenTrade.Part {
        guard rest.quantity > limit else {
            defer { rest = OpenTrade.Part(quantity: .zero, notional: .zero, fee: .zero) }
            return rest
        }
        func share(_ money: Money) -> Money {
            // A share below one of a number that fits, fits.
            Money(
                raw: FixedArithmetic.multiplyThenDivide(
                    money.raw, limit.raw, by: rest.quantity.raw, .nearest) ?? money.raw)
        }
        let part = OpenTrade.Part(
            quantity: limit, notional: share(rest.notional), fee: share(rest.fee))
        rest.quantity -= part.quantity
        rest.notional -= part.notional
        rest.fee -= part.fee
        return part
    }

    private mutating func close(
        _ part: OpenTrade.Part, _ opened: OpenTrade, _ result: OrderResult, _ price: Price,
        _ rows: inout [RowChange]
    ) -> Bool {
        var trade = opened
        guard trade.leave(part) else {
            overflows += 1
            return false
        }
        trade.lastFillAt = result.timestamp
        trade.lastFillPrice = price
        changed.insert(WriterState.position(trade.symbol))
        guard trade.held.isPositive else {
            open[trade.symbol] = nil
            rows.append(.trade(trade.trade(closedBy: result.orderID)))
            rows.append(.positionClosed(trade.symbol))
            return true
        }
        store(trade, &rows)
        return true
    }

    private mutating func enter(
        _ part: OpenTrade.Part, _ result: OrderResult, _ price: Price, _ order: PendingOrder,
        _ rows: inout [RowChange]
    ) {
        let isNew = open[result.symbol] == nil
        var trade =
            open[result.symbol]
            ?? OpenTrade(
                number: tradesOpened + 1, signalID: order.signalID, symbol: result.symbol,
                side: result.side, entryOrderID: result.orderID, stopLossPct: order.stopLossPct,
                openedAt: result.timestamp, lastFillAt: result.timestamp, lastFillPrice: price)
        guard trade.enter(part) else {
            overflows += 1
            return
        }
        if isNew { tradesOpened += 1 }
        trade.stopLossPct = order.stopLossPct ?? trade.stopLossPct
        trade.lastFillAt = result.timestamp
        trade.lastFillPrice = price
        changed.formUnion([WriterState.numbers, WriterState.position(trade.symbol)])
        store(trade, &rows)
    }

    private mutating func store(_ trade: OpenTrade, _ rows: inout [RowChange]) {
        open[trade.symbol] = trade
        rows.append(.trade(trade.trade()))
        rows.append(.position(trade.position(mark: marks[trade.symbol])))
    }

    // MARK: Account

    private mutating func take(_ account: Account, _ rows: inout [RowChange]) {
        rows.append(.balance(account))
        marks = [:]
        for position in account.positions {
            marks[position.symbol] = OpenTrade.Mark(
                price: position.lastPrice, time: account.timestamp)
        }
        changed.insert(WriterState.marks)
        for symbol in open.keys.sorted() {
            guard let trade = open[symbol] else { continue }
            rows.append(.position(trade.position(mark: marks[symbol])))
        }
    }
}
