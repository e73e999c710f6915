public import CoreModels
public import DecisionCores

/// Round trips as the table `trades` of the live ledger holds them: the same core books them.
public struct TradeBook: Equatable, Sendable {
    /// A round trip that has ended, or stands open at the end of the data.
    public struct Trade: Equatable, Sendable {
        public var row: TradeRow
        /// Why the order left that closed it; nil while it is open.
        public var exit: Order.Reason?
    }

    public private(set) var closed: Int64 = 0
    public private(set) var won: Int64 = 0
    /// Sum of the profits and of the losses (below zero), after fees.
    public private(set) var profits: Money = .zero
    public private(set) var losses: Money = .zero
    /// Held by closed trades together, in milliseconds.
    public private(set) var held: Int64 = 0
    public private(set) var best: Money?
    public private(set) var worst: Money?
    /// Trades that the last input closed.
    public private(set) var lastClosed: [Trade] = []
    private var open: [TradeRow] = []
    private var writer = WriterCore()
    private var reasons: [String: Order.Reason] = [:]
    private var rows: [RowChange] = []

    public static func == (left: Self, right: Self) -> Bool {
        (left.closed, left.won, left.profits, left.losses, left.held)
            == (right.closed, right.won, right.profits, right.losses, right.held)
            && left.open == right.open
    }

    /// Trades that stand open, by symbol.
    public var stillOpen: [Trade] {
        open.sorted { $0.symbol < $1.symbol }.map { Trade(row: $0, exit: nil) }
    }

    mutating func beginInput() {
        if !lastClosed.isEmpty { lastClosed.removeAll(keepingCapacity: true) }
    }

    mutating func take(_ order: Order) {
        reasons[order.orderID] = order.reason
        _ = writer.handle(.order(order), into: &rows)
        rows.removeAll(keepingCapacity: true)
    }

    mutating func take(_ result: OrderResult) {
        _ = writer.handle(.orderResult(result), ordersComplete: true, into: &rows)
        let reason = reasons.removeValue(forKey: result.orderID)
        for case .trade(let row) in rows { take(row, reason) }
        rows.removeAll(keepingCapacity: true)
        _ = writer.takeChangedKeys()
    }

    private mutating func take(_ row: TradeRow, _ reason: Order.Reason?) {
        open.removeAll { $0.id == row.id }
        guard let end = row.closedAt else { return open.append(row) }
        closed += 1
        held += end.since(row.openedAt)
        if row.pnl.isPositive {
            won += 1
            profits = profits.adding(row.pnl) ?? profits
        } else {
            losses = losses.adding(row.pnl) ?? losses
        }
        best = max(best ?? row.pnl, row.pnl)
        worst = min(worst ?? row.pnl, row.pnl)
        lastClosed.append(Trade(row: row, exit: reason))
    }
}
