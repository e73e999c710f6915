import CoreModels
import DecisionCores
import Testing

/// A market of one line per message.
private struct Tape {
    var pipeline: Pipeline
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    private(set) var sequence: Int64 = 0

    init(latency: Int64 = 0, risk: RiskLimits = .default) {
        pipeline = Pipeline(
            signal: SignalCore(), risk: RiskCore(limits: risk),
            execution: ExecutionCore(settings: PaperSettings(latencyMs: latency)))
    }

    /// One message of a symbol, `seconds` after the last.
    mutating func see(
        _ symbol: String, price: Int, change: Int = 0, after seconds: Int64 = 1
    ) throws -> [Event] {
        now = now.advanced(by: seconds * 1000)
        sequence += 1
        let data = MarketData(
            symbol: try #require(Symbol(symbol)), timestamp: now, price: Price(price),
            volume: Money(10_000_000), pctChange: Ratio(change),
            reference: MarketReference(feed: "replay-0000000000000000", sequence: sequence))
        var events: [Event] = []
        pipeline.marketDataSeen(data, at: now, into: &events)
        return events
    }

    mutating func tell(_ fact: Fact) -> [Event] {
        var events: [Event] = []
        pipeline.handle(fact, at: now, into: &events)
        return events
    }
}

/// An event in a few words: accounts and alerts are left out.
private func words(_ events: [Event]) -> [String] {
    events.compactMap { event in
        switch event {
        case .signal(let signal): "signal \(signal.symbol) \(signal.side.rawValue)"
        case .riskDecision(let decision):
            "\(decision.verdict.rawValue) \(decision.symbol) \(decision.code.rawValue)"
        case .order(let order):
            "order \(order.symbol) \(order.side.rawValue) \(order.reason.rawValue)"
        case .orderResult(let result): "\(result.status.rawValue) \(result.symbol)"
        case .account, .alert: nil
        }
    }
}

@Suite("The joined cores")
struct PipelineTests {
    @Test("a quiet message leads to nothing")
    func quiet() throws {
        var tape = Tape()
        _ = try tape.see("BTC_USDT", price: 45_000)
        let events = try tape.see("BTC_USDT", price: 45_001)
        #expect(events.isEmpty)
    }

    @Test("a rise is signalled, decided, ordered and filled within the same message")
    func rise() throws {
        var tape = Tape()
        _ = try tape.see("BTC_USDT", price: 45_000)
        let said = words(try tape.see("BTC_USDT", price: 45_000, change: 8))
        #expect(
            said == [
                "signal BTC_USDT BUY", "APPROVED BTC_USDT OK", "order BTC_USDT BUY SIGNAL",
                "FILLED BTC_USDT",
            ])
    }

    @Test("a stop-loss is filled before the signal of the same message is decided")
    func stopLossFirst() throws {
        var tape = Tape()
        _ = try tape.see("BTC_USDT", price: 45_000, change: 8)
        let said = words(try tape.see("BTC_USDT", price: 43_000, change: -4))
        #expect(
            said == [
                "signal BTC_USDT SELL", "APPROVED BTC_USDT OK", "order BTC_USDT SELL STOP_LOSS",
                "FILLED BTC_USDT", "REJECTED BTC_USDT NO_POSITION",
            ])
    }

    @Test("with latency an order is filled by the next quote, before that one's signal is decided")
    func latency() throws {
        var tape = Tape(latency: 1)
        let first = words(try tape.see("BTC_USDT", price: 45_000, change: 8))
        #expect(first.last == "order BTC_USDT BUY SIGNAL")
        let said = words(try tape.see("BTC_USDT", price: 45_010, change: -4))
        #expect(
            said == [
                "signal BTC_USDT SELL", "FILLED BTC_USDT", "APPROVED BTC_USDT OK",
                "order BTC_USDT SELL SIGNAL",
            ])
    }

    @Test("what waits when the data end is cancelled, and risk hears of it")
    func endOfData() throws {
        var tape = Tape(latency: 1)
        _ = try tape.see("BTC_USDT", price: 45_000, change: 8)
        let said = words(tape.tell(.endOfData))
        #expect(said == ["CANCELLED BTC_USDT"])
        #expect(
            tape.pipeline.risk.status(at: tape.now).first { $0.name == "in_flight" }?.value
                == .number(Money.zero))
    }

    @Test("a fill by hand is known to risk and to execution")
    func handFill() throws {
        var tape = Tape()
        _ = try tape.see("BTC_USDT", price: 45_000)
        let fill = HandFill(
            symbol: try #require(Symbol("BTC_USDT")), side: .buy,
            quantity: try #require(Quantity("0.02")), price: Price(45_000))
        _ = tape.tell(.fill(fill))
        let said = words(try tape.see("BTC_USDT", price: 44_000))
        #expect(
            said == [
                "APPROVED BTC_USDT OK", "order BTC_USDT SELL STOP_LOSS", "FILLED BTC_USDT",
            ])
    }

    @Test("a halt with flatten sells everything at once")
    func flatten() throws {
        var tape = Tape()
        _ = try tape.see("BTC_USDT", price: 45_000, change: 8)
        let said = words(tape.tell(.halt(flatten: true, reason: "test")))
        #expect(
            said == [
                "APPROVED BTC_USDT OK", "order BTC_USDT SELL FLATTEN_MANUAL", "FILLED BTC_USDT",
            ])
    }

    @Test("a signal by hand is adopted and decided")
    func signalByHand() throws {
        var tape = Tape()
        _ = try tape.see("BTC_USDT", price: 45_000)
        let signal = Signal(
            envelope: Envelope(sequence: 0, id: ""), symbol: try #require(Symbol("BTC_USDT")),
            side: .buy, confidence: Ratio(1), timestamp: tape.now)
        let said = words(tape.tell(.signal(signal)))
        #expect(
            said == [
                "signal BTC_USDT BUY", "APPROVED BTC_USDT OK", "order BTC_USDT BUY SIGNAL",
                "FILLED BTC_USDT",
            ])
    }

    @Test("orders and results from outside have no effect")
    func foreign() throws {
        var tape = Tape()
        _ = try tape.see("BTC_USDT", price: 45_000)
        let symbol = try #require(Symbol("BTC_USDT"))
        let envelope = Envelope(sequence: 1, id: "orders-1")
        let order = Order(
            envelope: envelope, orderID: "orders-1", clientID: "x", symbol: symbol, side: .buy,
            quantity: Quantity(1), timestamp: tape.now)
        let result = OrderResult(
            envelope: envelope, orderID: "orders-1", clientID: "x", status: .filled,
            symbol: symbol, side: .buy, quantity: Quantity(1), timestamp: tape.now)
        let events = tape.tell(.order(order)) + tape.tell(.orderResult(result))
        #expect(events.isEmpty)
    }

    @Test("goes on byte for byte from its state, wherever it is saved", arguments: [1, 7, 23, 60])
    func restored(cut: Int) throws {
        var random = Lottery(state: UInt64(cut))
        var tape = Tape(latency: 1)
        var saved: [String: Value] = [:]
        for _ in 0..<cut {
            _ = try random.move(&tape)
            let keys = tape.pipeline.takeChangedKeys()
            #expect(keys == keys.sorted())
            for key in keys { saved[key] = tape.pipeline.state(of: key) }
        }
        var twin = Tape(latency: 1)
        for (key, value) in saved {
            let isUnderstood = twin.pipeline.restore(key, value)
            #expect(isUnderstood, "\(key)")
        }
        for _ in 0..<200 {
            let (events, data) = try random.move(&tape)
            var others: [Event] = []
            twin.pipeline.marketDataSeen(data, at: data.timestamp, into: &others)
            #expect(events == others)
        }
    }

    @Test("does not know the state of strangers")
    func strangers() {
        var pipeline = Tape().pipeline
        for key in ["", "core", "writer/x", "risk"] {
            #expect(pipeline.state(of: key) == nil)
            let isUnderstood = pipeline.restore(key, .null)
            #expect(!isUnderstood)
        }
    }
}

/// A seeded market of three symbols that rise and fall a lot.
private struct Lottery {
    var state: UInt64
    private var prices = [45_000, 3_000, 150]
    private static let symbols = ["BTC_USDT", "ETH_USDT", "SOL_USDT"]

    init(state: UInt64) { self.state = state }

    private mutating func draw(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func move(_ tape: inout Tape) throws -> ([Event], MarketData) {
        let number = draw(3)
        prices[number] = max(10, prices[number] * (9_700 + draw(601)) / 10_000)
        let change = draw(13) - 6
        let seconds = Int64(1 + draw(20))
        let events = try tape.see(
            Self.symbols[number], price: prices[number], change: change, after: seconds)
        let data = MarketData(
            symbol: try #require(Symbol(Self.symbols[number])), timestamp: tape.now,
            price: Price(prices[number]), volume: Money(10_000_000), pctChange: Ratio(change),
            reference: MarketReference(feed: "replay-0000000000000000", sequence: tape.sequence))
        return (events, data)
    }
}
