import CoreModels
import EventSchema

/// Random records of every kind, valid by construction.
struct RandomEvents {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed) }

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func chance() -> Bool { Bool.random(using: &random) }
    mutating func pick<T>(_ values: [T]) -> T { values[int(0...values.count - 1)] }
    mutating func maybe<T>(_ value: T) -> T? { chance() ? value : nil }

    mutating func number<Unit>(_ unit: Unit.Type = Unit.self) -> Fixed<Unit> {
        let raw = Int128(Int64(truncatingIfNeeded: random.next())) << int(0...56)
        return Fixed(raw: raw - raw % FixedArithmetic.powerOfTen(int(0...20)))
    }

    mutating func positive<Unit>(_ unit: Unit.Type = Unit.self) -> Fixed<Unit> {
        Fixed(raw: max(number(Unit.self).magnitude.raw, 1))
    }

    mutating func text() -> String {
        pick(["", "a", "über \"alles\"", "\\ \n", "😀", String(repeating: "x", count: 40)])
    }

    mutating func symbol() throws -> Symbol {
        let text = pick([
            "BTC_USDT", "ETH_USDT", "1000SATS_USDT", "A_B", "ABCDEFGHIJKLMNOPQ_RSTUVWXYZ1234",
        ])
        guard let symbol = Symbol(text) else { throw Unreadable() }
        return symbol
    }

    mutating func time() -> Timestamp {
        Timestamp(milliseconds: Int64(int(100_000_000_000...253_402_300_799_999)))
    }

    mutating func market() -> MarketReference? {
        maybe(
            MarketReference(
                feed: pick(["replay-0123456789abcdef", "w"]), sequence: Int64(int(0...1_000_000))))
    }

    mutating func envelope(_ stream: Stream) -> Envelope {
        let sequence = Int64(int(1...Int.max))
        return Envelope(
            sequence: sequence, id: stream.id(sequence), cause: maybe("orders-7"),
            trace: maybe("signals-1"))
    }

    mutating func value() -> Value {
        let number: Ratio = number()
        return pick([
            .null, .flag(true), .integer(-3), .number(number), .text("é"), .list([.integer(1)]),
        ])
    }

    mutating func object() -> Value {
        .object(["b", "a", "c d"].map { Value.Member($0, value()) })
    }

    mutating func marketData() throws -> MarketData {
        MarketData(
            symbol: try symbol(), timestamp: time(), price: positive(), bid: maybe(positive()),
            ask: maybe(positive()), volume: number().magnitude,
            volume24h: maybe(number().magnitude),
            pctChange: number(), interval: text(), source: pick(MarketSource.allCases),
            reference: market())
    }

    mutating func event(_ stream: Stream) throws -> Event {
        switch stream {
        case .signals: .signal(try signal())
        case .riskDecisions: .riskDecision(try decision())
        case .orders: .order(try order())
        case .orderResults: .orderResult(try result())
        case .account: .account(try account())
        case .alertsCore, .alertsRisk, .alertsExecution, .alertsWriter: .alert(alert(stream))
        }
    }

    private mutating func signal() throws -> Signal {
        Signal(
            envelope: envelope(.signals), symbol: try symbol(), side: pick(Side.allCases),
            confidence: Ratio(raw: Int128(int(1...1_000_000_000_000_000_000))), reason: text(),
            timestamp: time(), price: maybe(positive()), pctChange: maybe(number()),
            volume: maybe(number().magnitude), strategy: text(), size: maybe(positive()),
            source: pick(SignalSource.allCases), market: market())
    }

    private mutating func decision() throws -> RiskDecision {
        let checks = (0..<int(0...7)).map { layer in
            RiskDecision.Check(
                layer: layer, name: "layer \(layer)", value: value(), limit: value(),
                result: pick(RiskDecision.Check.Outcome.allCases))
        }
        let state = RiskDecision.State(
            equity: number(), dayStartEquity: number(), dailyPnL: number(),
            exposure: number().magnitude, inFlight: number().magnitude, trading: "ACTIVE")
        return RiskDecision(
            envelope: envelope(.riskDecisions), signalID: maybe("signals-1"), symbol: try symbol(),
            side: pick(Side.allCases), verdict: pick(RiskDecision.Verdict.allCases),
            layer: maybe(int(0...6)), code: pick(RefusalReason.allCases),
            quantity: number().magnitude,
            price: maybe(positive()), notional: number().magnitude, orderID: maybe("orders-1"),
            checks: checks, state: state, market: market(), timestamp: time())
    }

    private mutating func order() throws -> Order {
        let envelope = envelope(.orders)
        return Order(
            envelope: envelope, orderID: envelope.id, clientID: pick(["cdb-1", "A_z-9", "x"]),
            symbol: try symbol(), side: pick(Side.allCases), quantity: positive(),
            reduceOnly: chance(), price: maybe(positive()), stopLossPct: maybe(number().magnitude),
            stopLossPrice: maybe(positive()), signalID: maybe("signals-3"),
            reason: pick(Order.Reason.allCases), trimmed: chance(), market: market(),
            timestamp: time())
    }

    private mutating func result() throws -> OrderResult {
        let filled: Quantity = chance() ? positive() : .zero
        return OrderResult(
            envelope: envelope(.orderResults), orderID: "orders-1", clientID: pick(["", "cdb-1"]),
            status: pick(OrderResult.Status.allCases), symbol: try symbol(),
            side: pick(Side.allCases),
            quantity: number().magnitude, filledQuantity: filled,
            price: filled.isPositive ? positive() : nil, referencePrice: maybe(positive()),
            slippageBps: maybe(number()), fee: number(), errorCode: maybe("NO_QUOTE"),
            errorMessage: maybe(text()), timestamp: time())
    }

    private mutating func account() throws -> Account {
        var positions: [Account.Position] = []
        for _ in 0..<int(0...3) {
            positions.append(
                Account.Position(
                    symbol: try symbol(), quantity: number(), averageEntryPrice: positive(),
                    lastPrice: positive(), unrealized: number()))
        }
        return Account(
            envelope: envelope(.account), equity: number(), cash: number(),
            exposure: number().magnitude, inFlight: number().magnitude, realizedToday: number(),
            unrealized: number(), dailyPnL: number(), drawdownPct: number(),
            dayStartEquity: number(),
            positions: positions, trading: pick(["ACTIVE", "PAUSED", "HALTED"]), timestamp: time())
    }

    private mutating func alert(_ stream: Stream) -> Alert {
        Alert(
            envelope: envelope(stream), level: pick(Alert.Level.allCases), code: "DATA_STALE",
            message: text(), context: object(), source: stream.owner, timestamp: time())
    }

    mutating func health() -> HealthEvent {
        HealthEvent(
            service: pick(["cdb_ws", "cdb_core"]), status: pick([.ok, .degraded, .error]),
            version: "0.1.0", uptimeSeconds: Int64(int(0...1_000_000)), detail: object(),
            timestamp: time())
    }

    mutating func bell() -> ProgressBell {
        ProgressBell(
            service: "cdb_core", feed: "replay-0123456789abcdef", sequence: Int64(int(0...99)),
            committed: Int64(int(0...99)),
            heads: [ProgressBell.Mark(stream: "signals", sequence: 5)],
            offsets: [])
    }
}

/// A test's own input that should have been right.
struct Unreadable: Error {}
