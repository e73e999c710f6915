import MarketSources
import Testing

@testable import SimulatedExchange

@Suite("A contract's minutes")
struct CandleHistoryTests {
    private static func history(past minutes: Int = 0, contracts: Int64 = 0) -> CandleHistory {
        CandleHistory(
            minutes: minutes, before: 30_000_000, ticks: 500, contracts: contracts,
            random: SeededRandom(seed: 3))
    }

    @Test(
        "quiet minutes are flat, and no more than a reply may hold are kept for good",
        arguments: [(0, 1), (1, 2), (1_999, 2_000), (2_000, 2_001), (2_001, 2_000), (9_000, 2_000)])
    func rolling(_ minutes: Int64, _ held: Int) {
        var history = Self.history()
        history.trade(510, 7)
        history.roll(to: 30_000_000 + minutes)
        #expect(history.candles.count == held)
        #expect(history.lastMinute == 30_000_000 + minutes)
        if minutes > 0 { #expect(history.last == Candle(flat: 510)) }
        let windows = history.windows(.minute1, from: nil, through: nil)
        #expect(windows.count == min(held, 2_000))
        #expect(windows.last?.minute == 30_000_000 + minutes)
    }

    @Test("a minute opens at the close before it and knows its own trades apart")
    func trading() {
        var history = Self.history()
        history.trade(520, 1)
        history.roll(to: 30_000_001)
        history.trade(505, 2)
        history.trade(508, 3)
        let candle = history.last
        #expect(candle.open == 520 && candle.first == 505 && candle.close == 508)
        #expect(candle.high == 520 && candle.low == 505)
        #expect(candle.tradedHigh == 508 && candle.tradedLow == 505)
        #expect(candle.contracts == 5 && candle.amount == 505 * 2 + 508 * 3)
    }

    @Test("the past ends at the first price, without a jump between two minutes")
    func past() {
        let history = Self.history(past: 600, contracts: 40)
        #expect(history.candles.count == 601)
        #expect(history.last == Candle(flat: 500))
        for (earlier, later) in zip(history.candles, history.candles.dropFirst()) {
            #expect(earlier.close == later.open)
            #expect(later.low <= min(later.open, later.close))
            #expect(later.high >= max(later.open, later.close))
        }
    }

    @Test("the day is the sum of its minutes, those not held counted as usual ones")
    func day() {
        let whole = Self.history(past: 1_440, contracts: 40)
        let held = whole.candles.suffix(1_440)
        #expect(whole.day.contracts == held.reduce(0) { $0 + $1.contracts })
        #expect(whole.day.amount == held.reduce(0) { $0 + $1.amount })
        #expect(whole.day.high == held.map(\.high).max() && whole.day.low == held.map(\.low).min())
        let short = Self.history(past: 150, contracts: 40)
        let average = short.candles.reduce(0) { $0 + $1.contracts } / 150
        #expect(short.day.contracts >= average * 1_430)
    }

    @Test(
        "windows begin on their grid and join what lies in them",
        arguments: [
            (CandleInterval.minute5, 30_000_003, 30_000_000), (.minute60, 30_000_059, 30_000_000),
            (.hour4, 30_000_239, 30_000_000), (.day1, 29_999_999, 29_999_520),
            // Monday, 2026-12-07.
            (.week1, 29_951_999, 29_943_360),
        ])
    func grid(_ interval: CandleInterval, _ minute: Int64, _ start: Int64) {
        #expect(interval.start(of: minute) == start)
    }
}
