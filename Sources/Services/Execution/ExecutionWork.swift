import CoreModels
import DecisionCores
import EventSchema
import Ledger
import ServiceKit

/// cdb_execution: orders in, results out; paper only.
struct ExecutionWork: ServiceWork {
    static var service: Service { .execution }
    static var consumed: [CoreModels.Stream] { [.orders] }
    static var takesMarketData: Bool { true }

    private var core: ExecutionCore
    private let metrics: ExecutionMetrics
    private let recent: RecentOrders
    /// An order that nobody can answer: from there on none is taken, because its result would be
    /// missing for ever.
    private(set) var blockage: String?

    init(settings: PaperSettings, metrics: ExecutionMetrics, recent: RecentOrders) {
        core = ExecutionCore(settings: settings)
        self.metrics = metrics
        self.recent = recent
    }

    mutating func marketData(
        _ data: borrowing MarketData, at now: Timestamp, into events: inout [Event]
    ) {
        let before = events.count
        core.marketDataSeen(data, at: now, into: &events)
        if events.count > before { metrics.emitted(events[before...], core.closedTrades) }
    }

    mutating func fact(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        let before = events.count
        core.handle(fact, at: now, into: &events)
        metrics.emitted(events[before...], core.closedTrades)
    }

    mutating func event(
        _ event: Event, isComplete: Bool, at now: Timestamp, into events: inout [Event]
    ) -> Bool {
        guard case .order(let order) = event else { return true }
        metrics.received(order)
        let started = SystemClock.monotonicNanoseconds
        fact(.order(order), at: now, into: &events)
        metrics.handled(nanoseconds: SystemClock.monotonicNanoseconds - started)
        return true
    }

    mutating func poison(
        _ row: LedgerRow, _ error: EventError, at now: Timestamp, into events: inout [Event]
    ) {
        let remains = OrderCodec.readableID(row.payload)
        let level: Alert.Level = remains.orderID == nil ? .critical : .warning
        fact(.notice(.poison(row, error, level: level)), at: now, into: &events)
        guard let orderID = remains.orderID else {
            blockage =
                "orders-\(row.sequence) has no readable order_id: no order is taken until a"
                + " person has looked at dead_letters"
            return
        }
        core.rejectMalformed(
            orderID: orderID, clientID: remains.clientID, symbol: remains.symbol,
            side: remains.side, quantity: remains.quantity, reason: "\(error)",
            trace: remains.trace, at: now, into: &events)
    }

    mutating func forgetTradableQuotes() { core.forgetTradableQuotes() }
    mutating func takeChangedKeys() -> [String] { core.takeChangedKeys() }
    func state(of key: String) -> Value? { core.state(of: key) }
    mutating func restore(_ key: String, _ value: Value) -> Bool { core.restore(key, value) }
    func status(at now: Timestamp) -> [Value.Member] { core.status(at: now) }
    mutating func updateMetrics(at now: Timestamp) {
        metrics.update(core)
        recent.publish(core.recentResults(RecentOrders.capacity))
    }
}
