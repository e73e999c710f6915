import CoreModels
import Testing

@testable import DecisionCores

@Suite("Windows that are filled and stepped")
struct WindowBackfillTests {
    private let minute: Int64 = 60_000

    private func observe(
        _ core: inout ScreenerCore, _ time: Int64, _ price: String, _ turnover: String = "0"
    ) -> MarketData? {
        core.observe(
            Observation(
                symbol: Make.symbol(), timestamp: Make.at(time), price: Make.fixed(price),
                turnover: .traded(Make.fixed(turnover))), at: Make.at(time)
        ).marketData
    }

    private func past(_ time: Int64, _ price: String, _ turnover: String = "0") -> PastPrice {
        PastPrice(time: Make.at(time), price: Make.fixed(price), turnover: Make.fixed(turnover))
    }

    private func fills(_ core: inout ScreenerCore, _ past: [PastPrice]) -> Bool {
        core.backfill(Make.symbol(), past)
    }

    @Test("a filled window is the same as one that saw everything itself")
    func equal() {
        for known in 1...19 {
            var whole = ScreenerCore()
            var filled = ScreenerCore()
            var before: [PastPrice] = []
            for index in 0...20 {
                let time = Int64(index) * minute
                let last = (observe(&whole, time, "\(100 + index * index)", "\(index + 1)"))
                if index < known {
                    before.append(past(time, "\(100 + index * index)", "\(index + 1)"))
                } else {
                    if index == 20 { #expect(fills(&filled, before)) }
                    let own = observe(&filled, time, "\(100 + index * index)", "\(index + 1)")
                    if index == 20 { #expect(own == last, "\(known)") }
                }
            }
        }
    }

    @Test("what is not older than the oldest price, or not in order, is left out")
    func leftOut() throws {
        var core = ScreenerCore()
        _ = observe(&core, 10 * minute, "100", "5")
        #expect(
            fills(
                &core,
                [
                    past(8 * minute, "80", "1"), past(8 * minute, "81", "2"),
                    past(7 * minute, "70", "4"), past(9 * minute, "90", "8"),
                    past(10 * minute, "99", "16"), past(11 * minute, "98", "32"),
                ]))
        let data = try #require(observe(&core, 11 * minute, "100"))
        #expect(data.pctChange == Ratio(25))
        #expect(data.volume == Money(14))
    }

    @Test("what lies before the window does not count")
    func beforeTheWindow() throws {
        var core = ScreenerCore()
        _ = observe(&core, 100 * minute, "100")
        #expect(fills(&core, [past(84 * minute, "1", "7"), past(85 * minute, "50", "9")]))
        let data = try #require(observe(&core, 100 * minute, "100"))
        // At the edge: its price counts, its turnover was traded before.
        #expect(data.pctChange == Ratio(100))
        #expect(data.volume == .zero)
    }

    @Test("a window without a price, with cumulative turnover or bad numbers is not filled")
    func refused() {
        var core = ScreenerCore()
        #expect(!fills(&core, [past(0, "1")]))
        _ = observe(&core, minute, "100")
        #expect(!fills(&core, [past(0, "0")]))
        #expect(!fills(&core, [past(0, "1", "-1")]))
        #expect(
            !fills(
                &core,
                [past(0, "1", "170000000000000000000"), past(1, "1", "100000000000000000000")]))
        #expect(observe(&core, minute + 1, "100")?.volume == .zero)
        var cumulative = ScreenerCore()
        _ = cumulative.observe(
            Observation(
                symbol: Make.symbol(), timestamp: Make.at(minute), price: Price(100),
                turnover: .cumulative24h(Money(5))), at: Make.at(minute))
        #expect(!fills(&cumulative, [past(0, "1")]))
    }

    @Test("a stepped window counts every turnover, and its reference is the first price of a step")
    func steps() throws {
        var exact = ScreenerCore()
        var stepped = ScreenerCore(settings: ScreenerSettings(windowSteps: 15))
        for second in 0..<(20 * 60) {
            let price = "\(1000 + second)"
            let one = observe(&exact, Int64(second) * 1000, price, "2")
            let other = observe(&stepped, Int64(second) * 1000, price, "2")
            guard let one, let other else { continue }
            #expect(one.price == other.price)
            // One step of turnover at most leaves early.
            #expect(other.volume <= one.volume && one.volume <= other.volume + Money(120))
            let start = max(0, second - 15 * 60)
            let reference = (start + 59) / 60 * 60
            let base = try #require(Price("\(1000 + (second < 15 * 60 ? 0 : reference))"))
            let now = try #require(Price(price))
            let change = now.percentChange(from: base, .nearest)?
                .roundedIfFits(toDecimals: 3, .nearest)
            #expect(other.pctChange == change, "\(second)")
        }
    }

    @Test("what is needed is published, however calm")
    func needed() {
        var core = ScreenerCore(settings: ScreenerSettings(topN: 1))
        let calm = Observation(
            symbol: Make.symbol("ETH_USDT"), timestamp: Make.at(1), price: Price(100))
        _ = observe(&core, 0, "100")
        _ = observe(&core, 1, "110")
        _ = core.observe(calm, at: Make.at(1))
        #expect(core.observe(calm, at: Make.at(1)) == .notAmongTop)
        #expect(core.observe(calm, at: Make.at(1), isNeeded: true).marketData != nil)
    }
}
