public import CoreModels
public import DecisionCores

/// What is kept of a backtest's events: counts, sums and a curve. It does not grow with the length
/// of the market.
public struct BacktestRecord: Equatable, Sendable {
    /// Decisions of one kind that were refused.
    public struct Refusal: Equatable, Sendable {
        /// Nil when no layer was asked.
        public var layer: Int?
        public var code: RefusalReason
        public var count: Int64 = 0
    }

    public private(set) var signals: Int64 = 0
    public private(set) var approved: Int64 = 0
    public private(set) var trimmed: Int64 = 0
    public private(set) var rejected: Int64 = 0
    /// By layer, then code.
    public private(set) var refusals: [Refusal] = []
    public private(set) var orders: Int64 = 0
    /// In the order of `Order.Reason.allCases`.
    public private(set) var orderReasons = Order.Reason.allCases.map { _ in Int64(0) }
    /// In the order of `OrderResult.Status.allCases`.
    public private(set) var statuses = OrderResult.Status.allCases.map { _ in Int64(0) }
    public private(set) var fills: Int64 = 0
    public private(set) var fees: Money = .zero
    /// What fills cost beyond the quote they filled on: slippage and impact.
    public private(set) var slippage: Money = .zero
    public private(set) var alerts: Int64 = 0
    /// How often trading was halted.
    public private(set) var halts: Int64 = 0
    public private(set) var trades = TradeBook()
    public private(set) var equity: EquityRecord
    /// `ACTIVE`, `PAUSED` or `HALTED` at the end.
    public private(set) var trading = TradingState.Name.active

    init(initial: Money) { equity = EquityRecord(initial: initial) }

    mutating func take(_ events: [Event]) {
        trades.beginInput()
        for event in events {
            switch event {
            case .signal: signals += 1
            case .riskDecision(let decision): take(decision)
            case .order(let order):
                orders += 1
                if let place = Order.Reason.allCases.firstIndex(of: order.reason) {
                    orderReasons[place] += 1
                }
                trades.take(order)
            case .orderResult(let result): take(result)
            case .account(let account): equity.take(AccountSample(account))
            case .alert(let alert):
                alerts += 1
                // What cdb_risk calls critical is a halt, but for an order that failed.
                if alert.level == .critical, alert.source == .risk, alert.code != "EXECUTION_ERROR"
                {
                    halts += 1
                }
            }
        }
    }

    mutating func take(_ sample: AccountSample) { equity.take(sample) }

    mutating func end(_ risk: RiskCore, at now: Timestamp) {
        trading = risk.trading.name
        equity.end(risk.equity, at: now)
    }

    private mutating func take(_ decision: RiskDecision) {
        switch decision.verdict {
        case .approved: approved += 1
        case .trimmed: trimmed += 1
        case .rejected:
            rejected += 1
            count(decision.layer, decision.code)
        }
    }

    private mutating func count(_ layer: Int?, _ code: RefusalReason) {
        let place = refusals.firstIndex { $0.layer == layer && $0.code == code }
        if let place {
            refusals[place].count += 1
        } else {
            refusals.append(Refusal(layer: layer, code: code, count: 1))
            refusals.sort {
                ($0.layer ?? -1, $0.code.rawValue) < ($1.layer ?? -1, $1.code.rawValue)
            }
        }
    }

    private mutating func take(_ result: OrderResult) {
        if let place = OrderResult.Status.allCases.firstIndex(of: result.status) {
            statuses[place] += 1
        }
        trades.take(result)
        guard result.filledQuantity.isPositive, let price = result.price else { return }
        fills += 1
        fees = fees.adding(result.fee) ?? fees
        guard let quote = result.referencePrice,
            let cost = (price - quote).magnitude.times(result.filledQuantity, .awayFromZero)
        else { return }
        slippage = slippage.adding(cost) ?? slippage
    }
}
