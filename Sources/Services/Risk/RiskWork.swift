import CoreModels
import DecisionCores
import EventSchema
import Ledger
import ServiceKit

/// cdb_risk: signals and results in, decisions and orders out; protection without any signal.
struct RiskWork: ServiceWork {
    static var service: Service { .risk }
    /// Results first: they free what a signal may use.
    static var consumed: [CoreModels.Stream] { [.orderResults, .signals] }
    static var takesMarketData: Bool { true }
    static var extraChannels: [Channel] { [.health] }

    private var core: RiskCore
    private let metrics: RiskMetrics
    private var reach = ExchangeReach()

    init(limits: RiskLimits, metrics: RiskMetrics) {
        core = RiskCore(limits: limits)
        self.metrics = metrics
    }

    var hasInFlight: Bool { core.ordersInFlight > 0 }
    /// Only what is in flight can be unhandled, so few in flight need no question.
    var needsOrderBacklog: Bool {
        core.ordersInFlight > core.limits.backpressureMaxLag || core.backlog > 0
    }

    mutating func marketData(
        _ data: borrowing MarketData, at now: Timestamp, into events: inout [Event]
    ) {
        let before = events.count
        core.marketDataSeen(data, at: now, into: &events)
        if events.count > before { metrics.emitted(events[before...]) }
    }

    mutating func fact(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        let before = events.count
        core.handle(fact, at: now, into: &events)
        metrics.emitted(events[before...])
    }

    mutating func event(
        _ event: Event, isComplete: Bool, at now: Timestamp, into events: inout [Event]
    ) -> Bool {
        switch event {
        case .signal(let signal):
            let started = SystemClock.monotonicNanoseconds
            fact(.signal(signal), at: now, into: &events)
            metrics.decided(nanoseconds: SystemClock.monotonicNanoseconds - started)
        case .orderResult(let result): fact(.orderResult(result), at: now, into: &events)
        case .riskDecision, .order, .account, .alert: break
        }
        return true
    }

    /// `health` of the feeds: layer 2 asks whether their exchange is reachable.
    mutating func message(
        _ channel: Channel, _ bytes: UnsafeRawBufferPointer, at now: Timestamp,
        into events: inout [Event]
    ) {
        let health: HealthEvent
        do {
            health = try HealthCodec.decode(bytes, from: .foreign(at: now))
        } catch {
            return
        }
        guard let news = reach.heard(health) else { return }
        fact(news, at: now, into: &events)
    }

    func refusal(of command: Fact, at now: Timestamp) -> [Value.Member]? {
        guard case .release(_, let rebase) = command, !rebase,
            let refusal = core.releaseRefusal(at: now)
        else { return nil }
        return [
            .init("daily_pnl", .number(refusal.dailyPnL)), .init("limit", .number(refusal.limit)),
            .init("equity", .number(refusal.equity)),
            .init("day_start_equity", .number(refusal.dayStartEquity)),
        ]
    }

    /// PAUSED and HALTED are states of a service that does its job.
    var remarks: [ReadinessCheck] {
        let detail = core.trading.name.rawValue + (core.trading.reason.map { " (\($0))" } ?? "")
        return [ReadinessCheck("trading", isPassed: true, detail: detail)]
    }

    mutating func forgetTradableQuotes() { core.forgetTradableQuotes() }
    mutating func takeChangedKeys() -> [String] { core.takeChangedKeys() }
    func state(of key: String) -> Value? { core.state(of: key) }
    mutating func restore(_ key: String, _ value: Value) -> Bool { core.restore(key, value) }
    func status(at now: Timestamp) -> [Value.Member] { core.status(at: now) }
    mutating func updateMetrics(at now: Timestamp) { metrics.update(core, at: now) }
}
