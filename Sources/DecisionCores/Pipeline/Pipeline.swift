public import CoreModels

/// Signal engine, risk engine and paper exchange joined in process: what the services do over the
/// bus in a lock-step replay, without the bus.
///
/// At each message the order is: market data to all three; results of orders that waited for this
/// quote; risk's own orders and their results until none is open; then the signals, their orders,
/// their results. Events come out in the order they are emitted.
public struct Pipeline: Sendable {
    public private(set) var signal: SignalCore
    public internal(set) var risk: RiskCore
    public private(set) var execution: ExecutionCore

    /// Risk may send an order again at most once a second, so answers to one message end; more
    /// rounds than this are a bug of ours.
    private static let roundLimit = 1_000

    public init(signal: SignalCore, risk: RiskCore, execution: ExecutionCore) {
        self.signal = signal
        self.risk = risk
        self.execution = execution
    }

    /// One message of the market; `hint` is what `signal.lastNumber` was for its symbol.
    public mutating func marketDataSeen(
        _ messages: Span<MarketData>, _ place: Int, at now: Timestamp, hint: Int,
        into events: inout [Event]
    ) {
        let start = events.count
        signal.marketDataSeen(messages, place, at: now, hint: hint, into: &events)
        let signals = start..<events.count
        let number = signal.lastNumber
        risk.look(messages, place, at: now, hint: number, into: &events)
        execution.marketDataSeen(messages, place, at: now, hint: number, into: &events)
        if events.count > start { settle(signals: signals, at: now, into: &events) }
    }

    /// Takes the account of a minute away, where risk samples it.
    public mutating func takeSample() -> AccountSample? {
        guard let sample = risk.sample else { return nil }
        risk.sample = nil
        return sample
    }

    /// Hands over what the parts emitted, beginning with the events in `signals`, which the signal
    /// engine emitted and which wait for everything else to be done.
    private mutating func settle(
        signals: Range<Int>, at now: Timestamp, into events: inout [Event]
    ) {
        var next = signals.upperBound
        exchange(from: &next, at: now, into: &events)
        for index in signals {
            guard case .signal(let signal) = events[index] else { continue }
            risk.handle(.signal(signal), at: now, into: &events)
        }
        exchange(from: &next, at: now, into: &events)
    }

    /// Results go to risk, orders to execution, in rounds, until nobody says anything any more.
    private mutating func exchange(
        from next: inout Int, at now: Timestamp, into events: inout [Event]
    ) {
        var rounds = 0
        while next < events.count {
            rounds += 1
            precondition(
                rounds <= Self.roundLimit, "risk and execution answer each other without end")
            let round = next..<events.count
            next = round.upperBound
            for index in round {
                guard case .orderResult(let result) = events[index] else { continue }
                risk.handle(.orderResult(result), at: now, into: &events)
            }
            for index in round {
                guard case .order(let order) = events[index] else { continue }
                execution.handle(.order(order), at: now, into: &events)
            }
        }
    }
}

extension Pipeline: MarketDataCore {
    /// Orders and results are made inside: from outside they have no effect.
    public mutating func handle(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        let start = events.count
        var signals = start..<start
        switch fact {
        case .marketData(let data):
            marketDataSeen(data, at: now, into: &events)
            return
        case .signal:
            signal.handle(fact, at: now, into: &events)
            signals = start..<events.count
        case .clock, .endOfData:
            signal.handle(fact, at: now, into: &events)
            signals = start..<events.count
            risk.handle(fact, at: now, into: &events)
            execution.handle(fact, at: now, into: &events)
        case .fill:
            risk.handle(fact, at: now, into: &events)
            execution.handle(fact, at: now, into: &events)
        case .halt, .release, .exchange, .orderBacklog, .notice:
            risk.handle(fact, at: now, into: &events)
        case .order, .orderResult:
            return
        }
        settle(signals: signals, at: now, into: &events)
    }

    /// The account is risk's; `core` and `execution` hold what the other two say.
    public func status(at now: Timestamp) -> [Value.Member] {
        risk.status(at: now) + [
            .init("core", .object(signal.status(at: now))),
            .init("execution", .object(execution.status(at: now))),
        ]
    }

    public mutating func takeChangedKeys() -> [String] {
        // "core/" < "execution/" < "risk/": sorted, as each part's keys are.
        signal.takeChangedKeys().map { "core/" + $0 }
            + execution.takeChangedKeys().map { "execution/" + $0 }
            + risk.takeChangedKeys().map { "risk/" + $0 }
    }

    public func state(of key: String) -> Value? {
        guard let (part, rest) = Self.split(key) else { return nil }
        switch part {
        case "core": return signal.state(of: rest)
        case "execution": return execution.state(of: rest)
        case "risk": return risk.state(of: rest)
        default: return nil
        }
    }

    public mutating func restore(_ key: String, _ value: Value) -> Bool {
        guard let (part, rest) = Self.split(key) else { return false }
        switch part {
        case "core": return signal.restore(rest, value)
        case "execution": return execution.restore(rest, value)
        case "risk": return risk.restore(rest, value)
        default: return false
        }
    }

    private static func split(_ key: String) -> (part: Substring, rest: String)? {
        let parts = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? (parts[0], String(parts[1])) : nil
    }
}
