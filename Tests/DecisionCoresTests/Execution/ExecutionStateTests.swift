import CoreModels
import DecisionCores
import Testing

@Suite("The state of ExecutionCore")
struct ExecutionStateTests {
    private static let symbols = ["BTC_USDT", "ETH_USDT", "PEPE_USDT"]

    private static func randomFact(
        _ random: inout SeededNumbers, _ number: inout Int64, at time: Int64
    ) -> Fact {
        let symbol = symbols[random.below(symbols.count)]
        switch random.below(20) {
        case 0: return .clock
        case 1: return random.below(10) == 0 ? .endOfData : .clock
        case 2: return .notice(AlertDraft(.info, "CODE", "words"))
        case 3:
            return .fill(
                HandFill(
                    symbol: Make.symbol(symbol), side: .buy, quantity: Make.fixed("0.3"),
                    price: Price(90)))
        case 4...8:
            number += 1
            let again = random.below(8) == 0
            return .order(
                Make.order(
                    number, random.below(2) == 0 ? .buy : .sell, "\(random.below(40)).5",
                    symbol: symbol, client: again ? "cdb-\(max(1, number - 3))" : nil,
                    reduceOnly: random.below(3) == 0, at: time - Int64(random.below(50))))
        default:
            let price = 80 + random.below(40)
            return .marketData(
                Make.data(
                    symbol, at: time, price: "\(price)",
                    bid: random.below(2) == 0 ? "\(price - 1)" : nil, ask: "\(price + 1)",
                    volume: "\(random.below(30_000))"))
        }
    }

    @Test(
        "saved by changed keys and restored, it goes on as if nothing happened",
        arguments: 1...20 as ClosedRange<UInt64>)
    func restored(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let settings = PaperSettings(
            latencyMs: seed % 2 == 0 ? 200 : 0, rejectRate: Make.fixed("0.1"))
        var core = ExecutionCore(settings: settings)
        var shadow = ShadowStore()
        var copy: ExecutionCore?
        let restart = 50 + random.below(300)
        var time: Int64 = 1_000_000
        var number: Int64 = 0
        var emitted = 0
        for step in 0..<600 {
            time += Int64(random.below(random.below(30) == 0 ? 60_000 : 150))
            let fact = Self.randomFact(&random, &number, at: time)
            let events = core.take(fact, at: time)
            emitted += events.count
            if var other = copy {
                #expect(other.take(fact, at: time) == events, "seed \(seed), step \(step)")
                #expect(other.status(at: Make.at(time)) == core.status(at: Make.at(time)))
                #expect(other.closedTrades == core.closedTrades)
                copy = other
            } else {
                if random.below(3) == 0 || step == restart { shadow.save(&core) }
                if step == restart {
                    var fresh = ExecutionCore(settings: settings)
                    #expect(shadow.restore(into: &fresh).isEmpty)
                    copy = fresh
                }
            }
        }
        #expect(emitted > 50)
    }

    @Test(
        "every order gets exactly one result, and reduce-only never flips a position",
        arguments: 1...10 as ClosedRange<UInt64>)
    func oneResultEach(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var core = ExecutionCore(settings: PaperSettings(latencyMs: Int64(seed % 3) * 100))
        var open: [String: Order] = [:]
        var time: Int64 = 1_000_000
        var number: Int64 = 0
        var before: [Symbol: Quantity] = [:]
        var events: [Event] = []
        for _ in 0..<1000 {
            time += Int64(random.below(400))
            let fact = Self.randomFact(&random, &number, at: time)
            if case .order(let order) = fact {
                if order.clientID != "cdb-\(number)" { continue }
                open[order.orderID] = order
            }
            events += core.take(fact, at: time)
            if case .fill(let fill) = fact { before[fill.symbol, default: .zero] += fill.quantity }
            for case .orderResult(let result) in events {
                guard let order = open.removeValue(forKey: result.orderID) else {
                    Issue.record("a second result of \(result.orderID), seed \(seed)")
                    continue
                }
                let old = before[order.symbol, default: .zero]
                let change = order.side == .buy ? result.filledQuantity : -result.filledQuantity
                before[order.symbol] = old + change
                if order.reduceOnly {
                    #expect((old + change).magnitude <= old.magnitude)
                    #expect((old + change).raw.signum() * old.raw.signum() >= 0)
                }
                #expect((result.status == .filled) == (result.filledQuantity == order.quantity))
            }
            events.removeAll()
        }
        #expect(open.count == core.waitingCount)
        for symbol in Self.symbols.map(Make.symbol) {
            #expect(core.position(symbol)?.quantity ?? .zero == before[symbol, default: .zero])
        }
    }

    @Test("the last 10,000 results are remembered, older ones are forgotten in the store too")
    func bounded() throws {
        var core = ExecutionCore()
        var shadow = ShadowStore()
        for number in 1...10_003 as ClosedRange<Int64> {
            _ = core.take(.order(Make.order(number)), at: 0)
            if number % 500 == 0 { shadow.save(&core) }
        }
        shadow.save(&core)
        #expect(shadow.values.keys.filter { $0.hasPrefix("result:") }.count == 10_000)
        #expect(core.state(of: "result:cdb-3") == nil)
        #expect(core.state(of: "result:cdb-4") != nil)
        var fresh = ExecutionCore()
        #expect(shadow.restore(into: &fresh).isEmpty)
        #expect(fresh.recentResults(3) == core.recentResults(3))
        #expect(fresh.recentResults(20_000).count == 10_000)
        // The next one pushes out the same one in both.
        _ = core.take(.order(Make.order(20_000)), at: 0)
        _ = fresh.take(.order(Make.order(20_000)), at: 0)
        #expect(core.takeChangedKeys() == fresh.takeChangedKeys())
        #expect(fresh.state(of: "result:cdb-4") == nil)
    }

    @Test("a quiet market_data changes only the quote; an order that came and went leaves no trace")
    func changedKeys() {
        var core = ExecutionCore(settings: PaperSettings(latencyMs: 1))
        _ = core.take(Make.data(at: 0))
        #expect(core.takeChangedKeys() == ["window:quote:BTC_USDT"])
        _ = core.take(.order(Make.order()), at: 0)
        _ = core.take(Make.data(at: 1))
        #expect(
            core.takeChangedKeys() == [
                "position:BTC_USDT", "result:cdb-1", "streams", "window:quote:BTC_USDT",
            ])
        _ = core.take(.order(Make.order(2, at: 1)), at: 1)
        #expect(core.takeChangedKeys() == ["position:BTC_USDT", "streams", "waiting:cdb-2"])
        _ = core.take(Make.data(at: 2))
        #expect(core.takeChangedKeys().contains("waiting:cdb-2"))
        #expect(core.state(of: "waiting:cdb-2") == nil)
    }

    @Test(
        "a state that is not understood is refused",
        arguments: [
            "streams", "position:BTC_USDT", "result:a", "waiting:a", "window:quote:BTC_USDT",
            "position:?", "other",
        ])
    func badState(key: String) {
        var core = ExecutionCore()
        let understood = core.restore(key, .text("x"))
        #expect(!understood)
    }
}
