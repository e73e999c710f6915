import CoreModels
import DecisionCores
import Testing

@Suite("SignalCore")
struct SignalCoreTests {
    private func signals(_ events: [Event]) -> [Signal] {
        events.compactMap { if case .signal(let signal) = $0 { signal } else { nil } }
    }

    @Test(
        "momentum_v1 decides by threshold, volume and size of the move",
        arguments: [
            ("3.0", "100000", Side.buy, "0.3"), ("2.999", "100000", nil, ""),
            ("8.5", "99999", nil, ""), ("8.5", "99999.999999999999999999", nil, ""),
            ("25", "100000", .buy, "1"), ("-3.5", "100000", .sell, "0.35"),
            ("-3.0", "100000", .sell, "0.3"), ("-2.999", "100000", nil, ""),
            ("10", "100000", .buy, "1"), ("9.999", "100000", .buy, "0.9999"),
            ("3.12345", "100000", .buy, "0.3123"), ("-170141183460469231731", "1e6", .sell, "1"),
        ] as [(String, String, Side?, String)])
    func momentum(pct: String, volume: String, side: Side?, confidence: String) {
        var core = SignalCore()
        let found = signals(core.take(Make.data(volume: volume, pct: pct)))
        #expect(found.first?.side == side)
        #expect(found.first?.confidence == Ratio(confidence))
    }

    @Test("a signal carries what its market_data said, its own number and its reason")
    func wholeSignal() {
        var core = SignalCore()
        let reference = MarketReference(feed: "replay-0123456789abcdef", sequence: 7)
        let data = Make.data(at: 1_696_789_260_000, pct: "8.5", reference: reference)
        let events = core.take(.marketData(data), at: 1_696_789_260_123)
        let expected = Signal(
            envelope: Envelope(
                sequence: 1, id: "signals-1", cause: nil, trace: "signals-1"),
            symbol: Make.symbol(), side: .buy, confidence: Make.fixed("0.85"),
            reason: "Momentum +8.50% in 15m (threshold 3.00%), volume 250000",
            timestamp: Make.at(1_696_789_260_123), price: Price(45000),
            pctChange: Make.fixed("8.5"), volume: Money(250_000), strategy: "momentum_v1",
            size: nil, source: .engine, market: reference)
        #expect(events == [.signal(expected)])
    }

    @Test(
        "the reason names change, window, threshold and volume",
        arguments: [
            ("-3.456", "250000.9", "5m", "Momentum -3.46% in 5m (threshold 3.00%), volume 250000"),
            ("12", "1e6", "15m", "Momentum +12.00% in 15m (threshold 3.00%), volume 1000000"),
            (
                "170141183460469231731.68730371588410572", "1e6", "15m",
                "Momentum +170141183460469231731.68730371588410572% in 15m "
                    + "(threshold 3.00%), volume 1000000"
            ),
        ])
    func reason(pct: String, volume: String, interval: String, expected: String) {
        var core = SignalCore()
        let data = Make.data(volume: volume, pct: pct, interval: interval)
        #expect(signals(core.take(data)).first?.reason == expected)
    }

    @Test(
        "the cooldown runs in exchange time, per side, and ends when the move calms down",
        arguments: [
            // (seconds, percent) in order; how many BUY and SELL come of it.
            ([(0, "5"), (59, "5")], 1, 0),
            ([(0, "5"), (60, "5")], 2, 0),
            ([(0, "5"), (10, "1"), (20, "5")], 2, 0),
            ([(0, "5"), (10, "-1"), (20, "5")], 2, 0),
            ([(0, "5"), (10, "-5"), (20, "5"), (30, "-5")], 1, 1),
            ([(0, "5"), (10, "3"), (20, "5")], 1, 0),
            ([(0, "5"), (30, "5"), (60, "5"), (119, "5"), (120, "5")], 3, 0),
            ([(100, "5"), (50, "5")], 1, 0),
        ] as [([(Int64, String)], Int, Int)])
    func cooldown(moves: [(Int64, String)], buys: Int, sells: Int) {
        var core = SignalCore()
        var found: [Signal] = []
        for (seconds, pct) in moves {
            found += signals(
                core.take(.marketData(Make.data(at: seconds * 1000, pct: pct)), at: 999_000))
        }
        #expect(found.filter { $0.side == .buy }.count == buys)
        #expect(found.filter { $0.side == .sell }.count == sells)
    }

    @Test("a calm market_data of low volume ends the cooldown too")
    func lowVolumeRearms() {
        var core = SignalCore()
        #expect(core.take(Make.data(at: 0, pct: "5")).count == 1)
        #expect(core.take(Make.data(at: 1000, volume: "1", pct: "1")).isEmpty)
        #expect(core.take(Make.data(at: 2000, pct: "5")).count == 1)
        #expect(core.marketDataCounters.lowVolume == 1)
    }

    @Test("the cooldown of one symbol does not touch another")
    func perSymbol() {
        var core = SignalCore()
        #expect(core.take(Make.data("BTC_USDT", at: 0, pct: "5")).count == 1)
        #expect(core.take(Make.data("ETH_USDT", at: 1, pct: "5")).count == 1)
        #expect(core.take(Make.data("BTC_USDT", at: 2, pct: "5")).isEmpty)
    }

    @Test("settings move threshold, volume and cooldown")
    func settings() {
        var core = SignalCore(
            settings: SignalSettings(
                thresholdPct: Make.fixed("0.5"), minVolume: .zero, cooldownSec: 0))
        #expect(core.take(Make.data(at: 0, volume: "0", pct: "0.5")).count == 1)
        #expect(core.take(Make.data(at: 0, volume: "0", pct: "0.5")).count == 1)
        #expect(core.take(Make.data(at: 0, volume: "0", pct: "0.499")).isEmpty)
    }

    @Test("a market_data more than 60 s ahead of the clock has no effect")
    func timeAhead() {
        var core = SignalCore()
        #expect(core.take(.marketData(Make.data(at: 60_001, pct: "5")), at: 0).isEmpty)
        #expect(core.marketDataCounters.timeAhead == 1)
        #expect(core.take(.marketData(Make.data(at: 60_000, pct: "5")), at: 0).count == 1)
    }

    @Test("a signal by hand is completed from what was last seen of the symbol")
    func adoption() {
        var core = SignalCore()
        _ = core.take(Make.data(at: 5, price: "45000", pct: "1.25"))
        let wish = Signal(
            envelope: Envelope(sequence: 0, id: ""), symbol: Make.symbol(), side: .sell,
            confidence: Make.fixed("0.5"), timestamp: Make.at(0), size: Make.fixed("0.2"))
        let expected = Signal(
            envelope: Envelope(sequence: 1, id: "signals-1", trace: "signals-1"),
            symbol: Make.symbol(), side: .sell, confidence: Make.fixed("0.5"),
            reason: "Manual signal", timestamp: Make.at(9), price: Price(45000),
            pctChange: Make.fixed("1.25"), volume: Money(250_000), strategy: "manual",
            size: Make.fixed("0.2"), source: .manual, market: nil)
        #expect(core.take(.signal(wish), at: 9) == [.signal(expected)])
    }

    @Test("a signal by hand keeps its own price and words, and one of an unknown symbol has none")
    func adoptionAsGiven() throws {
        var core = SignalCore()
        var wish = Signal(
            envelope: Envelope(sequence: 0, id: "x"), symbol: Make.symbol(), side: .buy,
            confidence: Make.fixed("0.00001"), reason: "I want it", timestamp: Make.at(0),
            price: Price(7))
        let first = try #require(signals(core.take(.signal(wish), at: 1)).first)
        #expect(first.price == Price(7))
        #expect(first.reason == "I want it")
        #expect(first.confidence == Make.fixed("0.0001"))
        wish.price = nil
        let second = try #require(signals(core.take(.signal(wish), at: 2)).first)
        #expect(second.price == nil)
        #expect(second.envelope.id == "signals-2")
    }

    @Test("a signal that claims a sequence is not adopted")
    func forged() {
        var core = SignalCore()
        let forged = Signal(
            envelope: Envelope(sequence: 5, id: "signals-5"), symbol: Make.symbol(), side: .buy,
            confidence: Ratio(1), timestamp: Make.at(0))
        #expect(core.take(.signal(forged), at: 0).isEmpty)
    }

    @Test("a notice becomes a numbered alert of cdb_core")
    func notice() {
        var core = SignalCore()
        let draft = AlertDraft(
            .warning, "INJECT_REFUSED", "no", [.init("channel", .text("orders"))])
        let expected = Alert(
            envelope: Envelope(sequence: 1, id: "alerts.cdb_core-1"), level: .warning,
            code: "INJECT_REFUSED", message: "no",
            context: .object([.init("channel", .text("orders"))]), source: .core,
            timestamp: Make.at(3))
        #expect(core.take(.notice(draft), at: 3) == [.alert(expected)])
    }

    @Test("what does not concern cdb_core has no effect")
    func indifferent() {
        var core = SignalCore()
        let facts: [Fact] = [
            .clock, .endOfData, .orderBacklog(5), .exchange(reachable: false, code: "X"),
            .halt(flatten: true, reason: "r"), .release(reason: "r", rebase: false),
            .order(Make.order()),
        ]
        for fact in facts { #expect(core.take(fact, at: 0).isEmpty) }
        #expect(core.takeChangedKeys().isEmpty)
    }

    @Test("status tells the counters and the last signal")
    func status() {
        var core = SignalCore()
        _ = core.take(Make.data("ETH_USDT", at: 0, volume: "1", pct: "5"))
        _ = core.take(Make.data(at: 0, pct: "5"))
        _ = core.take(Make.data(at: 1, pct: "5"))
        let status = Value.object(core.status(at: Make.at(1)))
        #expect(status["signals_generated"] == .integer(1))
        #expect(status["market_data_received"] == .integer(3))
        #expect(status["symbols"] == .integer(2))
        #expect(status["low_volume"] == .integer(1))
        #expect(status["cooling_down"] == .integer(1))
        #expect(status["last_signal"]["signal_id"] == .text("signals-1"))
    }

    @Test("every strategy of the registry is found by its name, and no other")
    func registry() {
        for name in StrategyRegistry.names {
            #expect(StrategyRegistry(named: name, settings: .default) != nil)
        }
        #expect(StrategyRegistry.names == ["momentum_v1"])
        #expect(StrategyRegistry(named: "hope", settings: .default) == nil)
    }

    @Test(
        "saved by changed keys and restored, it goes on as if nothing happened",
        arguments: 1...12 as ClosedRange<UInt64>)
    func restored(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var core = SignalCore()
        var shadow = ShadowStore()
        var copy: SignalCore?
        let restart = 50 + random.below(200)
        var time: Int64 = 0
        for step in 0..<400 {
            time += Int64(random.below(20_000))
            let fact = Self.randomFact(&random, at: time)
            let events = core.take(fact, at: time)
            if var restored = copy {
                #expect(restored.take(fact, at: time) == events)
                #expect(restored.status(at: Make.at(time)) == core.status(at: Make.at(time)))
                copy = restored
            } else {
                if random.below(3) == 0 || step == restart { shadow.save(&core) }
                if step == restart {
                    var fresh = SignalCore()
                    #expect(shadow.restore(into: &fresh).isEmpty)
                    copy = fresh
                }
            }
        }
        #expect(core.signalsGenerated > 20)
    }

    private static func randomFact(_ random: inout SeededNumbers, at time: Int64) -> Fact {
        let symbol = ["BTC_USDT", "ETH_USDT", "PEPE_USDT"][random.below(3)]
        switch random.below(12) {
        case 0:
            return .signal(
                Signal(
                    envelope: Envelope(sequence: 0, id: ""), symbol: Make.symbol(symbol),
                    side: .buy, confidence: Make.fixed("0.5"), timestamp: Make.at(0)))
        case 1: return .notice(AlertDraft(.info, "CODE", "words"))
        default:
            return .marketData(
                Make.data(
                    symbol, at: time, price: "\(1 + random.below(50_000))",
                    volume: random.below(5) == 0 ? "5" : "200000", pct: "\(random.below(17) - 8)"))
        }
    }

    @Test("a quiet market_data changes only keys that may be written less often")
    func quietKeys() {
        var core = SignalCore()
        _ = core.take(Make.data())
        #expect(core.takeChangedKeys() == ["window:counters", "window:seen:BTC_USDT"])
        #expect(core.takeChangedKeys().isEmpty)
        _ = core.take(Make.data(pct: "5"))
        #expect(
            core.takeChangedKeys() == [
                "signal:BTC_USDT", "streams", "window:counters", "window:seen:BTC_USDT",
            ])
    }

    @Test("a state that is not understood is refused")
    func badState() {
        var core = SignalCore()
        for key in ["streams", "window:counters", "window:seen:BTC_USDT", "signal:?", "other"] {
            let understood = core.restore(key, .text("x"))
            #expect(!understood)
        }
    }
}
