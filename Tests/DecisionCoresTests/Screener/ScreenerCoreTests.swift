import CoreModels
import DecisionCores
import Testing

@Suite("ScreenerCore")
struct ScreenerCoreTests {
    private let minute: Int64 = 60_000

    private func trade(
        _ time: Int64, _ price: String, _ turnover: String = "0", symbol: String = "BTC_USDT"
    ) -> Observation {
        Observation(
            symbol: Make.symbol(symbol), timestamp: Make.at(time), price: Make.fixed(price),
            turnover: .traded(Make.fixed(turnover)))
    }

    private func cumulative(_ time: Int64, _ turnover: String) -> Observation {
        Observation(
            symbol: Make.symbol(), timestamp: Make.at(time), price: Price(100),
            turnover: .cumulative24h(Make.fixed(turnover)))
    }

    private func feed(_ core: inout ScreenerCore, _ observation: Observation) -> ScreenerOutcome {
        core.observe(observation, at: observation.timestamp)
    }

    @Test("nothing is published before two prices were seen, then a young window publishes")
    func youngWindow() throws {
        var core = ScreenerCore()
        #expect(feed(&core, trade(0, "100", "1000")) == .firstPrice)
        let data = try #require(feed(&core, trade(1000, "101", "500")).marketData)
        #expect(data.pctChange == Ratio(1))
        #expect(data.volume == Money(1500))
        #expect(data.interval == "15m")
        #expect(data.timestamp == Make.at(1000))
        #expect(data.reference == nil)
    }

    @Test("after 15 one-minute candles the reference is the close 15 minutes ago")
    func edgeOfTheWindow() throws {
        var core = ScreenerCore()
        for index in 0...15 {
            _ = feed(&core, trade(Int64(index) * minute, "\(100 + index)", "10"))
        }
        let mover = try #require(core.top(1).gainers.first)
        // 115 against 100; 15 candles of turnover, not 16.
        #expect(mover.pctChange == Ratio(15))
        #expect(mover.volume == Money(150))
        let next = try #require(feed(&core, trade(16 * minute, "116", "10")).marketData)
        #expect(next.pctChange == Make.fixed("14.851"))
        #expect(next.volume == Money(150))
    }

    @Test("one millisecond past the edge the oldest price has left")
    func pastTheEdge() throws {
        var core = ScreenerCore()
        _ = feed(&core, trade(0, "100", "1"))
        _ = feed(&core, trade(1, "200", "1"))
        let atEdge = try #require(feed(&core, trade(15 * minute, "300", "1")).marketData)
        #expect(atEdge.pctChange == Ratio(200))
        #expect(atEdge.volume == Money(2))
        let past = try #require(feed(&core, trade(15 * minute + 1, "300", "1")).marketData)
        #expect(past.pctChange == Ratio(50))
        #expect(past.volume == Money(2))
    }

    @Test(
        "pct_change has 3 decimals, to the nearest",
        arguments: [
            ("3", "3.0006", "0.02"), ("3", "3.1", "3.333"), ("3", "3.2", "6.667"),
            ("3", "2.9", "-3.333"), ("100000", "100000.5", "0.001"),
            ("0.00000000002947", "0.0000000000315329", "7.0"),
        ])
    func decimals(first: String, second: String, expected: String) throws {
        var core = ScreenerCore()
        _ = feed(&core, trade(0, first))
        let data = try #require(feed(&core, trade(1, second)).marketData)
        #expect(data.pctChange == Make.fixed(expected))
    }

    @Test("after a gap longer than the window the change starts again from zero")
    func gap() throws {
        var core = ScreenerCore()
        _ = feed(&core, trade(0, "100", "7"))
        let data = try #require(feed(&core, trade(16 * minute, "150", "5")).marketData)
        #expect(data.pctChange == .zero)
        #expect(data.volume == Money(5))
    }

    @Test("of a 24 h turnover the window's volume is the difference, never negative")
    func cumulativeTurnover() {
        var core = ScreenerCore()
        #expect(feed(&core, cumulative(0, "1000")) == .firstPrice)
        #expect(feed(&core, cumulative(minute, "1250")).marketData?.volume == Money(250))
        #expect(feed(&core, cumulative(minute, "1250")).marketData?.volume24h == Money(1250))
        #expect(feed(&core, cumulative(2 * minute, "900")).marketData?.volume == .zero)
        // At 17 minutes the oldest in the window is that of minute 2.
        #expect(feed(&core, cumulative(17 * minute, "960")).marketData?.volume == Money(60))
    }

    @Test("zero turnover moves time, not volume")
    func zeroTurnover() {
        var core = ScreenerCore()
        _ = feed(&core, trade(0, "100", "5"))
        #expect(feed(&core, trade(minute, "100", "0")).marketData?.volume == Money(5))
        #expect(feed(&core, trade(15 * minute, "100", "0")).marketData?.volume == .zero)
    }

    @Test("what cannot be right is refused and counted by reason")
    func refusals() {
        var core = ScreenerCore(settings: .init(whitelist: [Make.symbol()]))
        let far = Int64.max
        let cases: [(Observation, Int64, ScreenerRefusal)] = [
            (trade(0, "1", symbol: "ETH_USDT"), 0, .notWhitelisted),
            (trade(0, "0"), 0, .priceNotPositive),
            (trade(0, "-1"), 0, .priceNotPositive),
            (trade(0, "1", "-1"), 0, .turnoverNegative),
            (trade(60_001, "1"), 0, .timeAhead),
            (trade(far, "1"), 0, .timeAhead),
        ]
        for (observation, now, expected) in cases {
            #expect(core.observe(observation, at: Make.at(now)) == .refused(expected))
        }
        #expect(core.observe(trade(60_000, "1"), at: Make.at(0)) == .firstPrice)
        #expect(core.observe(trade(59_999, "1"), at: Make.at(0)) == .refused(.timeBackwards))
        #expect(core.observe(trade(60_000, "2"), at: Make.at(0)).marketData != nil)
        #expect(
            core.refusals == [
                .notWhitelisted: 1, .priceNotPositive: 2, .turnoverNegative: 1, .timeAhead: 2,
                .timeBackwards: 1,
            ])
    }

    @Test("a refused price never becomes a reference")
    func refusedIsForgotten() throws {
        var core = ScreenerCore()
        _ = feed(&core, trade(1000, "100"))
        _ = core.observe(trade(900_000, "1"), at: Make.at(1000))
        let data = try #require(feed(&core, trade(2000, "110")).marketData)
        #expect(data.pctChange == Ratio(10))
    }

    @Test("numbers that do not fit are refused, and the screener goes on")
    func overflow() {
        var core = ScreenerCore()
        let largest = "170141183460469231731"
        _ = feed(&core, trade(0, "0.000000000000000001", largest))
        #expect(feed(&core, trade(1, "1", largest)) == .refused(.overflow))
        #expect(feed(&core, trade(2, largest)) == .refused(.overflow))
        #expect(feed(&core, trade(16 * minute, "1", "5")).marketData?.volume == Money(5))
    }

    @Test("an empty whitelist means USDT pairs")
    func emptyWhitelist() {
        var core = ScreenerCore()
        #expect(feed(&core, trade(0, "1", symbol: "ETH_BTC")) == .refused(.notWhitelisted))
        #expect(feed(&core, trade(0, "1", symbol: "ETH_USDT")) == .firstPrice)
    }

    @Test("top lists gainers and losers by |pct_change|, equal ones by symbol")
    func topMovers() {
        var core = ScreenerCore()
        let moves = [
            ("C_USDT", "105"), ("A_USDT", "105"), ("B_USDT", "120"), ("D_USDT", "90"),
            ("E_USDT", "60"), ("F_USDT", "100"),
        ]
        for (symbol, _) in moves { _ = feed(&core, trade(0, "100", symbol: symbol)) }
        for (symbol, price) in moves { _ = feed(&core, trade(1, price, symbol: symbol)) }
        let top = core.top(2)
        #expect(top.gainers.map(\.symbol.description) == ["B_USDT", "A_USDT"])
        #expect(top.losers.map(\.symbol.description) == ["E_USDT", "D_USDT"])
        #expect(core.top(9).gainers.map(\.pctChange) == [Ratio(20), Ratio(5), Ratio(5)])
        #expect(core.top(0).gainers.isEmpty)
    }

    @Test("with TOP_N only the symbols that moved most are published")
    func topN() {
        var core = ScreenerCore(settings: .init(topN: 1))
        for symbol in ["A_USDT", "B_USDT"] { _ = feed(&core, trade(0, "100", symbol: symbol)) }
        #expect(feed(&core, trade(1, "101", symbol: "A_USDT")).marketData != nil)
        #expect(feed(&core, trade(1, "95", symbol: "B_USDT")).marketData != nil)
        #expect(feed(&core, trade(2, "104", symbol: "A_USDT")) == .notAmongTop)
        #expect(feed(&core, trade(3, "106", symbol: "A_USDT")).marketData != nil)
    }

    @Test("an observation made of a market_data takes its volume as the turnover of that price")
    func fromMarketData() throws {
        var core = ScreenerCore()
        let first = Make.data(at: 0, price: "100", volume: "10", pct: "99")
        let second = Make.data(at: 1, price: "102", bid: "101", ask: "103", volume: "20", pct: "9")
        _ = feed(&core, Observation(first))
        let data = try #require(feed(&core, Observation(second)).marketData)
        #expect(
            data
                == Make.data(
                    at: 1, price: "102", bid: "101", ask: "103", volume: "30", pct: "2"))
    }

    @Test("a window that is full keeps its turnover exact and its oldest price")
    func fullWindow() throws {
        var core = ScreenerCore()
        var last: MarketData?
        let count = (1 << 18) + 10
        for index in 0..<count {
            let observation = trade(Int64(index), index == 0 ? "100" : "110", "1")
            last = feed(&core, observation).marketData
        }
        let data = try #require(last)
        #expect(data.volume == Money(count))
        #expect(data.pctChange == Ratio(10))
        let later = try #require(feed(&core, trade(16 * minute, "121", "1")).marketData)
        #expect(later.pctChange == Ratio(10))
    }

    @Test("the ring agrees with a plain list", arguments: [1, 2, 3] as [UInt64])
    func againstPlainList(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        var core = ScreenerCore(settings: .init(lookbackMinutes: 1))
        var seen: [(time: Int64, price: Price, turnover: Money)] = []
        var time: Int64 = 0
        for step in 0..<3000 {
            time += Int64(random.below(4) == 0 ? random.below(30_000) : random.below(500))
            let price = Price(100 + random.below(50))
            let turnover = Money(random.below(1000))
            seen.append((time, price, turnover))
            let data = core.observe(
                Observation(
                    symbol: Make.symbol(), timestamp: Make.at(time), price: price,
                    turnover: .traded(turnover)), at: Make.at(time)
            ).marketData
            guard step > 0 else { continue }
            let published = try #require(data)
            let oldest = try #require(seen.first { $0.time >= time - 60_000 })
            let volume = seen.filter { $0.time > time - 60_000 }
                .reduce(Money.zero) { $0 + $1.turnover }
            let change = price.percentChange(from: oldest.price, .nearest)
            #expect(published.pctChange == change?.rounded(toDecimals: 3, .nearest))
            #expect(published.volume == volume)
        }
    }
}
