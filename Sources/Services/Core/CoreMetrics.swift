import CoreModels
import DecisionCores
import ServiceKit

/// The series of cdb_core (HTTP_AND_METRICS.md).
final class CoreMetrics {
    private let bySource: MetricFamily<Counter>
    private let generated: MetricFamily<Counter>
    private let indicators: MetricFamily<Counter>
    private let strength: Histogram
    private let errors: MetricFamily<Counter>
    private let processing: Histogram
    private var index = SymbolIndex()
    private var received: [SymbolHandles<Counter>]
    private var calculated: SymbolHandles<Counter>
    private var samples = 0

    init(_ metrics: Metrics) {
        let bySource = metrics.counter(
            "cdb_market_data_events_received_total", "Market data handled.",
            labels: ["symbol", "source"])
        let indicators = metrics.counter(
            "cdb_indicators_calculated_total", "Indicators looked at.",
            labels: ["indicator_type", "symbol"])
        self.bySource = bySource
        self.indicators = indicators
        generated = metrics.counter(
            "cdb_signals_generated_total", "Signals emitted.",
            labels: ["symbol", "direction", "strategy"])
        strength = metrics.histogram(
            "cdb_signal_strength", "Confidence of the signals, 0 to 1.",
            bounds: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
        ).with()
        errors = metrics.counter(
            "cdb_signal_errors_total", "Market data the engine could not use.",
            labels: ["error_type"])
        processing = metrics.histogram(
            "cdb_signal_processing_duration_seconds",
            "Time to handle one market_data; every 64th is measured."
        ).with()
        received = MarketSource.allCases.map { source in
            SymbolHandles { bySource.with($0, source.rawValue) }
        }
        calculated = SymbolHandles { indicators.with("momentum", $0) }
    }

    /// Runs `body`, which handles one market_data, and counts it.
    func handling(_ data: borrowing MarketData, _ body: () -> Void) {
        samples &+= 1
        if samples & 63 == 0 {
            let started = SystemClock.monotonicNanoseconds
            body()
            processing.observe(Double(SystemClock.monotonicNanoseconds - started) / 1e9)
        } else {
            body()
        }
        let symbol = data.symbol
        let number = index.number(of: symbol)
        received[data.source.number][number, symbol].increment()
        calculated[number, symbol].increment()
    }

    func emitted(_ events: ArraySlice<Event>) {
        for case .signal(let signal) in events {
            generated.with(signal.symbol.description, signal.side.rawValue, signal.strategy)
                .increment()
            strength.observe(signal.confidence.double)
        }
    }

    func update(_ core: SignalCore) {
        let refused = UInt64(core.marketDataCounters.timeAhead)
        let counter = errors.with("time_ahead")
        if refused > counter.value { counter.increment(by: refused - counter.value) }
    }
}

extension MarketSource {
    /// Its place in `allCases`.
    fileprivate var number: Int {
        switch self {
        case .websocket: 0
        case .rest: 1
        case .replay: 2
        case .manual: 3
        }
    }
}
