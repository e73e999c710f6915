import CoreModels
import DecisionCores
import EventSchema
import Ledger
import ServiceKit

/// cdb_core: market data in, signals out.
struct CoreWork: ServiceWork {
    static var service: Service { .core }
    static var consumed: [CoreModels.Stream] { [] }
    static var takesMarketData: Bool { true }

    private var core: SignalCore
    private let metrics: CoreMetrics

    init(settings: SignalSettings, metrics: CoreMetrics) {
        core = SignalCore(settings: settings)
        self.metrics = metrics
    }

    mutating func marketData(
        _ data: borrowing MarketData, at now: Timestamp, into events: inout [Event]
    ) {
        let before = events.count
        metrics.handling(data) { core.marketDataSeen(data, at: now, into: &events) }
        if events.count > before { metrics.emitted(events[before...]) }
    }

    mutating func fact(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        let before = events.count
        core.handle(fact, at: now, into: &events)
        metrics.emitted(events[before...])
    }

    /// cdb_core reads no stream.
    mutating func event(
        _ event: Event, isComplete: Bool, at now: Timestamp, into events: inout [Event]
    ) -> Bool { true }

    mutating func takeChangedKeys() -> [String] { core.takeChangedKeys() }
    func state(of key: String) -> Value? { core.state(of: key) }
    mutating func restore(_ key: String, _ value: Value) -> Bool { core.restore(key, value) }
    func status(at now: Timestamp) -> [Value.Member] { core.status(at: now) }
    mutating func updateMetrics(at now: Timestamp) { metrics.update(core) }
}
