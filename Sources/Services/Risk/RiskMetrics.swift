import CoreModels
import DecisionCores
import ServiceKit

/// The series of cdb_risk (HTTP_AND_METRICS.md).
final class RiskMetrics {
    private let evaluated: MetricFamily<Counter>
    private let approved: MetricFamily<Counter>
    private let rejected: MetricFamily<Counter>
    private let orderSize: Histogram
    private let violations: MetricFamily<Counter>
    private let checks: MetricFamily<Counter>
    private let stopLosses: MetricFamily<Counter>
    private let decision: Histogram
    private let drawdown: Gauge
    private let exposure: Gauge
    private let positionExposure: MetricFamily<Gauge>
    private let volatility: MetricFamily<Gauge>
    private let breaker: Gauge
    private let trading: MetricFamily<Gauge>
    private let staleness: Gauge
    private let equity: Gauge
    private let cumulative: Gauge
    private let maxDrawdown: Gauge
    private let sharpe: Gauge
    private let valueAtRisk: Gauge
    private var record: EquityRecord
    /// Positions with a series that is not zero.
    private var shown: Set<String> = []
    /// Symbols that moved more than their limit since this process began.
    private var moved: Set<Symbol> = []

    init(_ metrics: Metrics, limits: RiskLimits) {
        evaluated = metrics.counter(
            "cdb_signals_evaluated_total", "Signals decided.", labels: ["symbol"])
        approved = metrics.counter(
            "cdb_orders_approved_total", "Signals approved or trimmed.", labels: ["symbol"])
        rejected = metrics.counter(
            "cdb_orders_rejected_total", "Signals refused.", labels: ["symbol", "reason_code"])
        orderSize = metrics.histogram(
            "cdb_approved_order_size", "Notional of the orders in USDT.",
            bounds: [5, 10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 100_000]
        ).with()
        violations = metrics.counter(
            "cdb_risk_violations_total", "Alerts and refusals by code and layer.",
            labels: ["violation_type", "layer"])
        checks = metrics.counter(
            "cdb_risk_layer_checks_total", "Layers evaluated.", labels: ["layer", "result"])
        stopLosses = metrics.counter(
            "cdb_stop_loss_triggered_total", "Stop-loss orders.", labels: ["symbol"])
        decision = metrics.histogram(
            "cdb_risk_decision_duration_seconds", "Time to decide one signal."
        ).with()
        drawdown = metrics.gauge("cdb_daily_drawdown_pct", "Loss of the day in percent.").with()
        exposure = metrics.gauge(
            "cdb_total_exposure_pct", "Exposure in percent of the day's start equity."
        ).with()
        positionExposure = metrics.gauge(
            "cdb_position_exposure_pct", "A position in percent of the day's start equity.",
            labels: ["symbol"])
        volatility = metrics.gauge(
            "cdb_volatility_5m_pct",
            "Highest over lowest price of 300 s, of symbols that were above their limit.",
            labels: ["symbol"])
        breaker = metrics.gauge(
            "cdb_circuit_breaker_active", "1 while the breaker pauses all trading."
        ).with()
        trading = metrics.gauge(
            "cdb_trading_state", "1 for the state trading is in.", labels: ["state"])
        staleness = metrics.gauge(
            "cdb_data_staleness_seconds", "Age of the latest market_data.", labels: ["source"]
        ).with("market_data")
        equity = metrics.gauge("cdb_equity_usd", "Equity.").with()
        cumulative = metrics.gauge(
            "cdb_cumulative_pnl_usd", "Equity less the initial capital."
        ).with()
        maxDrawdown = metrics.gauge(
            "cdb_max_drawdown_pct", "Largest fall from a peak since this process began."
        ).with()
        sharpe = metrics.gauge(
            "cdb_sharpe_ratio_30d", "Of daily returns, annualized; 0 until two days are known."
        ).with()
        valueAtRisk = metrics.gauge(
            "cdb_value_at_risk_95_pct", "5 % quantile of daily returns; 0 until known."
        ).with()
        record = EquityRecord(initial: limits.initialCapital)
        Self.show(limits, metrics)
    }

    private static func show(_ limits: RiskLimits, _ metrics: Metrics) {
        let limit = metrics.gauge(
            "cdb_limit_pct", "The configured limits in percent.", labels: ["limit"])
        for (name, value) in [
            ("position", limits.maxPositionPct), ("exposure", limits.maxExposurePct),
            ("daily_drawdown", limits.maxDailyDrawdownPct), ("stop_loss", limits.stopLossPct),
            ("slippage", limits.maxSlippagePct), ("volatility_5m", limits.maxVolatility5mPct),
        ] {
            // Multiplied before it is rounded: 0.07 * 100 is more than 7 in binary.
            limit.with(name).set(Ratio(raw: value.raw * 100).double)
        }
    }

    func decided(nanoseconds: Int64) { decision.observe(Double(nanoseconds) / 1e9) }

    func emitted(_ events: ArraySlice<Event>) {
        for event in events {
            switch event {
            case .riskDecision(let decision): count(decision)
            case .order(let order) where order.reason == .stopLoss:
                stopLosses.with(order.symbol.description).increment()
            case .alert(let alert) where alert.level != .info:
                violations.with(alert.code, "alert").increment()
            case .account(let account): record.take(account)
            case .signal, .order, .orderResult, .alert: break
            }
        }
    }

    private func count(_ decision: RiskDecision) {
        let symbol = decision.symbol.description
        if decision.signalID != nil { evaluated.with(symbol).increment() }
        switch decision.verdict {
        case .approved, .trimmed:
            if decision.signalID != nil { approved.with(symbol).increment() }
            orderSize.observe(decision.notional.double)
        case .rejected:
            rejected.with(symbol, decision.code.rawValue).increment()
            violations.with(decision.code.rawValue, decision.layer.map(String.init) ?? "none")
                .increment()
        }
        for check in decision.checks {
            checks.with(String(check.layer), check.result.rawValue).increment()
        }
    }

    func update(_ core: RiskCore, at now: Timestamp) {
        drawdown.set(core.drawdownPct.double)
        exposure.set(core.exposurePct.double)
        breaker.set(core.trading.isBreakerActive ? 1 : 0)
        for name in TradingState.Name.allCases {
            trading.with(name.rawValue).set(core.trading.name == name ? 1 : 0)
        }
        if let since = core.silentSince {
            staleness.set(Double(max(0, now.since(since))) / 1000)
        }
        equity.set(core.equity.double)
        cumulative.set((core.equity - core.limits.initialCapital).double)
        var held: Set<String> = []
        for position in core.portfolio.positions {
            let name = position.symbol.description
            held.insert(name)
            positionExposure.with(name).set(core.exposurePct(of: position).double)
        }
        for name in shown.subtracting(held) { positionExposure.with(name).set(0) }
        shown = held
        showVolatility(core)
        record.take(core.equity)
        maxDrawdown.set(record.maximumDrawdownPct)
        sharpe.set(record.sharpeRatio)
        valueAtRisk.set(record.valueAtRiskPct)
    }

    private func showVolatility(_ core: RiskCore) {
        let limit = Ratio(raw: core.limits.maxVolatility5mPct.raw * 100)
        for (symbol, pct) in core.volatilities where pct > limit || moved.contains(symbol) {
            moved.insert(symbol)
            volatility.with(symbol.description).set(pct.double)
        }
    }
}
