import CoreModels
import DecisionCores
import ServiceKit

/// The series of cdb_execution (HTTP_AND_METRICS.md).
final class ExecutionMetrics {
    private let received: MetricFamily<Counter>
    private let executed: MetricFamily<Counter>
    private let pnl: Histogram
    private let openPositions: MetricFamily<Gauge>
    private let positionSize: MetricFamily<Gauge>
    private let slippage: Histogram
    private let duration: Histogram
    private let errors: MetricFamily<Counter>
    /// Without a series until a trade has closed: no trade is no lost trade.
    private let winRate: MetricFamily<Gauge>
    private let tradeDuration: Histogram
    private let pnlBySymbol: MetricFamily<Gauge>

    init(_ metrics: Metrics) {
        received = metrics.counter(
            "cdb_orders_received_total", "Orders taken.", labels: ["symbol"])
        executed = metrics.counter(
            "cdb_trades_executed_total", "Orders with a fill.", labels: ["symbol", "side"])
        pnl = metrics.histogram(
            "cdb_trade_pnl_usd", "Realized by each closing fill, fees of both sides counted.",
            bounds: [-1000, -500, -100, -50, -10, -1, 0, 1, 10, 50, 100, 500, 1000]
        ).with()
        openPositions = metrics.gauge(
            "cdb_open_positions", "1 while a position is open.", labels: ["symbol"])
        positionSize = metrics.gauge(
            "cdb_position_size", "Signed quantity in base currency.", labels: ["symbol"])
        slippage = metrics.histogram(
            "cdb_slippage_bps", "Against the quote; positive is to the trader's loss.",
            bounds: [0, 1, 2, 5, 10, 20, 50, 100]
        ).with()
        duration = metrics.histogram(
            "cdb_order_execution_duration_seconds", "From taking an order to its result.",
            labels: ["exchange"]
        ).with("paper")
        errors = metrics.counter(
            "cdb_execution_errors_total", "Orders without a fill.", labels: ["error_type"])
        // A series that begins with its first count would hide just that one from Prometheus.
        for refusal in ExecutionRefusal.allCases { _ = errors.with(refusal.rawValue) }
        winRate = metrics.gauge(
            "cdb_win_rate_ratio", "Share of closing fills with a profit.", labels: ["strategy"])
        tradeDuration = metrics.histogram(
            "cdb_trade_duration_seconds", "From a position's opening to a closing fill.",
            bounds: [1, 10, 60, 300, 900, 3600, 14_400, 86_400]
        ).with()
        pnlBySymbol = metrics.gauge(
            "cdb_pnl_by_symbol_usd", "Realized since the first start.", labels: ["symbol"])
    }

    func received(_ order: Order) { received.with(order.symbol.description).increment() }

    func handled(nanoseconds: Int64) { duration.observe(Double(nanoseconds) / 1e9) }

    func emitted(_ events: ArraySlice<Event>, _ closed: [ClosedTrade]) {
        for case .orderResult(let result) in events {
            if result.filledQuantity.isPositive {
                executed.with(result.symbol.description, result.side.rawValue).increment()
                if let bps = result.slippageBps { slippage.observe(bps.double) }
            }
            if let code = result.errorCode { errors.with(code).increment() }
        }
        for trade in closed {
            pnl.observe(trade.pnl.double)
            tradeDuration.observe(Double(trade.durationMilliseconds) / 1000)
        }
    }

    func update(_ core: ExecutionCore) {
        if let rate = core.statistics.winRate { winRate.with("momentum_v1").set(rate.double) }
        for (symbol, position) in core.symbolPositions {
            let name = symbol.description
            let isOpen = position.quantity != .zero
            openPositions.with(name).set(isOpen ? 1 : 0)
            positionSize.with(name).set(position.quantity.double)
            pnlBySymbol.with(name).set(position.realized.double)
        }
    }
}
