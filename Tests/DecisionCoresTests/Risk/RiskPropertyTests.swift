import CoreModels
import DecisionCores
import Testing

/// What must hold for any sequence of inputs.
@Suite struct RiskPropertyTests {
    static let seeds: ClosedRange<UInt64> = 1...40

    @Test("equal input gives equal output", arguments: seeds)
    func deterministic(seed: UInt64) {
        var first = RandomMarket(seed: seed)
        var second = RandomMarket(seed: seed)
        for _ in 0..<300 { #expect(first.step() == second.step()) }
    }

    @Test("state written by changed keys only continues byte for byte", arguments: seeds)
    func restore(seed: UInt64) {
        var market = RandomMarket(seed: seed)
        var store: [String: Value] = [:]
        let cut = 50 + Int(seed) * 7
        for _ in 0..<cut {
            _ = market.step()
            for key in market.core.takeChangedKeys() { store[key] = market.core.state(of: key) }
        }
        var restored = market
        restored.core = RiskCore(limits: market.core.limits)
        let keys = seed.isMultiple(of: 2) ? store.keys.sorted() : store.keys.sorted().reversed()
        for key in keys {
            guard let value = store[key] else { continue }
            let understood = restored.core.restore(key, value)
            #expect(understood, "\(key)")
            #expect(restored.core.state(of: key) == value, "\(key)")
        }
        for _ in 0..<200 {
            #expect(restored.step() == market.step())
            #expect(restored.core.takeChangedKeys() == market.core.takeChangedKeys())
        }
        #expect(restored.core.status(at: market.now) == market.core.status(at: market.now))
    }

    @Test("a quiet market_data changes its own keys only")
    func quiet() {
        var trace = RiskTrace()
        trace.market("100")
        _ = trace.core.takeChangedKeys()
        trace.market("101")
        #expect(trace.core.takeChangedKeys() == ["mark:BTC_USDT", "window:BTC_USDT"])
        #expect(trace.core.takeChangedKeys().isEmpty)
    }

    @Test("no limit is exceeded, cash is conserved, exits cover a position once", arguments: seeds)
    func invariants(seed: UInt64) {
        var market = RandomMarket(seed: seed)
        for _ in 0..<500 {
            let before = market.core
            let sides = before.portfolio.positions
            let events = market.step()
            let core = market.core
            #expect(core.portfolio.conserved == core.limits.initialCapital)
            for decision in events.decisions where decision.verdict != .rejected {
                check(decision, events, before, core)
            }
            for position in sides where market.lastWasReduceOnly {
                let after = core.portfolio.position(position.symbol)
                #expect(after == nil || after?.side == position.side)
            }
            for position in core.portfolio.positions {
                #expect(market.exits(position.symbol) <= position.quantity.magnitude)
            }
        }
    }

    private func check(
        _ decision: RiskDecision, _ events: [Event], _ before: RiskCore, _ core: RiskCore
    ) {
        guard let order = events.orders.first(where: { $0.orderID == decision.orderID }) else {
            Issue.record("an approval without its order")
            return
        }
        #expect(order.quantity.isPositive)
        #expect(order.quantity == order.quantity.rounded(toDecimals: 8, .towardZero))
        guard !order.reduceOnly else { return }
        let limits = core.limits
        let start = decision.state.dayStartEquity
        let exposureLimit = start.scaled(by: limits.maxExposurePct, .towardZero) ?? .zero
        let positionLimit = start.scaled(by: limits.maxPositionPct, .towardZero) ?? .zero
        #expect(before.trading.name == .active || before.trading.name == .paused)
        #expect(decision.state.trading == "ACTIVE")
        #expect(decision.state.exposure + decision.notional < exposureLimit)
        #expect(decision.notional <= positionLimit)
        #expect(decision.notional >= limits.minOrderUSDT)
    }
}

/// A market, an operator and an exchange that do anything, from one seed.
struct RandomMarket {
    var core: RiskCore
    private(set) var now = RiskTrace.start
    private(set) var lastWasReduceOnly = false
    private var random: SeededRandom
    private var open: [Order] = []
    private var done: [Order] = []
    private var prices = [100, 2_000, 45_000]
    private var count: Int64 = 0
    private static let coins = ["A_USDT", "B_USDT", "C_USDT"].map(symbol)

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        var limits = RiskLimits.default
        limits.allowShort = seed.isMultiple(of: 3)
        limits.maxPositionPct = number("0.2")
        core = RiskCore(limits: limits)
    }

    func exits(_ symbol: Symbol) -> Quantity {
        open.reduce(.zero) { $1.symbol == symbol && $1.reduceOnly ? $0 + $1.quantity : $0 }
    }

    mutating func step() -> [Event] {
        count += 1
        now = now.advanced(
            by: [0, 1, 400, 1000, 3000, 31_000, 7_000_000][
                random.below(6) + (random.below(60) == 0 ? 1 : 0)])
        lastWasReduceOnly = false
        var events: [Event] = []
        core.handle(fact(), at: now, into: &events)
        open += events.orders
        return events
    }

    private mutating func fact() -> Fact {
        let coin = random.below(3)
        switch random.below(40) {
        case 0..<16: return marketData(coin)
        case 16..<27: return signal(coin)
        case 27..<36: return open.isEmpty ? .clock : answer()
        case 36: return .clock
        case 37: return command()
        case 38: return .exchange(reachable: random.below(4) > 0, code: nil)
        default: return .orderBacklog(random.below(3) * 600)
        }
    }

    private mutating func marketData(_ coin: Int) -> Fact {
        let change = random.below(60) == 0 ? 90 : 995 + random.below(11)
        prices[coin] = max(10, prices[coin] * (change == 90 ? 900 : change) / 1000)
        let price = Price(prices[coin])
        let half = Price(raw: Int128(random.below(1000)) * 1_000_000_000_000_000)
        let hasBook = random.below(3) > 0
        return .marketData(
            MarketData(
                symbol: Self.coins[coin], timestamp: now.advanced(by: -Int64(random.below(50))),
                price: price, bid: hasBook ? price - half : nil, ask: hasBook ? price + half : nil,
                volume: Money(1_000_000), pctChange: Ratio(3),
                reference: MarketReference(feed: "f", sequence: count)))
    }

    private mutating func signal(_ coin: Int) -> Fact {
        .signal(
            Signal(
                envelope: Envelope(sequence: count, id: Stream.signals.id(count)),
                symbol: Self.coins[coin], side: random.below(5) < 3 ? .buy : .sell,
                confidence: Ratio(raw: Int128(random.below(1_000_000) + 1) * 1_000_000_000_000),
                timestamp: now,
                size: random.below(3) == 0
                    ? Quantity(raw: Int128(random.below(1_000_000)) * 10_000_000_000_003) : nil))
    }

    private mutating func answer() -> Fact {
        let isRepeat = !done.isEmpty && random.below(10) == 0
        let order =
            isRepeat ? done[random.below(done.count)] : open.remove(at: random.below(open.count))
        if !isRepeat { done.append(order) }
        let kinds: [OrderResult.Status] = [
            .filled, .filled, .filled, .partiallyFilled, .rejected, .error, .cancelled,
        ]
        let status = kinds[random.below(kinds.count)]
        let part = order.quantity.scaled(by: number("0.4"), .towardZero) ?? .zero
        let quantity =
            status == .filled ? order.quantity : status == .partiallyFilled ? part : .zero
        lastWasReduceOnly = order.reduceOnly
        return .orderResult(
            OrderResult(
                envelope: Envelope(sequence: count, id: Stream.orderResults.id(count)),
                orderID: order.orderID, clientID: order.clientID, status: status,
                symbol: order.symbol, side: order.side, quantity: order.quantity,
                filledQuantity: quantity, price: quantity.isPositive ? order.price : nil,
                slippageBps: Ratio(random.below(105)),
                fee: Money(raw: Int128(random.below(1_000_000))),
                timestamp: now))
    }

    private mutating func command() -> Fact {
        random.below(3) == 0
            ? .halt(flatten: random.below(2) == 0, reason: "test")
            : .release(reason: "test", rebase: random.below(2) == 0)
    }
}
