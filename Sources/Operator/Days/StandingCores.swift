import CoreModels
import DecisionCores

/// The three deciding cores before a stretch begins: their windows, quotes and cooldowns come from
/// the market before it, everything else from the ledger (`LedgerBooks`).
struct StandingCores {
    var signal: SignalCore
    var risk: RiskCore
    var execution: ExecutionCore
    /// Signals of the time before, by the message they came from.
    private var signals: [MarketReference: Signal] = [:]
    private var events: [Event] = []

    /// - Parameter earlier: signals of the ledger before the stretch; the newest suffice.
    init(_ settings: StandingSettings, earlier: [Signal] = []) {
        signal = SignalCore(settings: settings.signal)
        risk = RiskCore(limits: settings.risk)
        execution = ExecutionCore(settings: settings.paper)
        for event in earlier {
            if let market = event.market { signals[market] = event }
            if event.source == .engine { signalled(event.symbol, event.side, event.timestamp) }
        }
    }

    /// The cores look at a message of the time before; what they would decide does not count.
    mutating func see(_ message: RecordedStretch.Message) {
        let data = message.data
        signal.marketDataSeen(data, at: message.time, into: &events)
        risk.marketDataSeen(data, at: message.time, into: &events)
        execution.marketDataSeen(data, at: message.time, into: &events)
        events.removeAll(keepingCapacity: true)
        // The cooldowns are those of the signals that left.
        if let left = data.reference.flatMap({ signals[$0] }) {
            signalled(left.symbol, left.side, data.timestamp)
        }
    }

    private mutating func signalled(_ symbol: Symbol, _ side: Side, _ time: Timestamp) {
        let key = "signal:\(symbol)"
        let known = signal.state(of: key) ?? .null
        let value = Value.object([
            .init("buy", side == .buy ? .time(time) : known["buy"]),
            .init("sell", side == .sell ? .time(time) : known["sell"]),
        ])
        let isUnderstood = signal.restore(key, value)
        precondition(isUnderstood, "the signal engine does not understand its state")
    }
}

extension StandingCores {
    /// The three joined in process; orders that waited for a quote wait again.
    func joined(waiting orders: [Order]) -> Pipeline {
        var execution = execution
        var events: [Event] = []
        for order in orders {
            execution.handle(.order(order), at: order.timestamp, into: &events)
        }
        return Pipeline(signal: signal, risk: risk, execution: execution)
    }
}
