public import DecisionCores

/// The rows of one batch for every read table, gathered into columns: a statement per table. They
/// go into the same transaction as the writer's offsets.
public struct ReadTables: Sendable {
    private var signals = SignalsTable()
    private var riskEvents = RiskEventsTable()
    private var orders = OrdersTable()
    private var orderResults = OrderResultColumns()
    private var fills = FillsTable()
    private var trades = TradesTable()
    private var positions = PositionsTable()
    private var balances = BalancesTable()
    private var alerts = AlertsTable()
    /// Rows taken.
    public private(set) var count = 0

    public init() {}

    public mutating func append(_ change: RowChange) {
        count += 1
        switch change {
        case .signal(let signal): signals.append(signal)
        case .riskEvent(let row): riskEvents.append(row)
        case .order(let order): orders.append(order)
        case .orderResult(let result): orderResults.append(result)
        case .fill(let result): fills.append(result)
        case .trade(let row): trades.append(row)
        case .position(let row): positions.put(row)
        case .positionClosed(let symbol): positions.remove(symbol)
        case .balance(let account): balances.append(account)
        case .alert(let alert): alerts.append(alert)
        }
    }

    /// The statements, for `CommitBatch.calls`.
    public var calls: [SQLCall] {
        [
            signals.call, riskEvents.call, orders.call, orderResults.call, fills.call, trades.call,
            positions.putCall, positions.removeCall, balances.call, alerts.call,
        ].compactMap(\.self)
    }

    /// The tables that follow from the ledger alone, each with its key.
    static let rebuilt: [(name: String, key: String)] = [
        ("signals", "signal_id"), ("risk_events", "event_id"), ("orders", "order_id"),
        ("fills", "fill_id"), ("trades", "trade_id"), ("positions", "symbol"),
        ("balances", "event_id"), ("alerts", "alert_id"),
    ]
}
