import CoreModels
import Testing

@testable import DecisionCores

@Suite("The windows behind layer 2")
struct WindowTests {
    /// 3 decimals take the short division, 18 the long one.
    @Test("a spread is exact, whatever the decimals of its prices", arguments: [3, 18])
    func spreads(decimals: Int) throws {
        var random = SeededRandom(seed: UInt64(decimals))
        let step = FixedArithmetic.powerOfTen(18 - decimals)
        for _ in 0..<2000 {
            let bid = Int128(random.below(1_000_000_000_000) + 1) * step
            let ask = bid + Int128(random.below(100_000_000)) * step
            var window = SpreadWindow()
            window.add(bid: Price(raw: bid), ask: Price(raw: ask))
            let exact = FixedArithmetic.divide(2 * (ask - bid), ask + bid, .towardZero)
            let up = FixedArithmetic.divide(2 * (ask - bid), ask + bid, .awayFromZero)
            #expect(window.current?.raw == exact)
            #expect(window.value["rounded_up"].integer.map { Int128($0) } == up)
        }
    }

    @Test("the extremes are those of the last 300 s", arguments: 1...20 as ClosedRange<UInt64>)
    func extremes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var high = ExtremeWindow(keepsHighest: true)
        var low = ExtremeWindow(keepsHighest: false)
        var seen: [(time: Int64, price: Price)] = []
        var time: Int64 = 1_700_000_000_000
        for _ in 0..<500 {
            time += Int64(random.below(40_000))
            let price = Price(random.below(1000) + 1)
            high.add(price, at: time)
            low.add(price, at: time)
            seen.append((time, price))
            let window = seen.filter { $0.time >= time - 300_000 }.map(\.price)
            #expect(high.extreme == window.max())
            #expect(low.extreme == window.min())
        }
    }

    /// Short steps fill a window to its limit, long ones make a block outlast it.
    @Test(
        "prices sorted in by the block give what they give one by one, also after a restart",
        arguments: [1, 3_000, 60_000], [1, 100])
    func blocks(longestStep: Int, fallsIn100: Int) {
        var random = SeededRandom(seed: UInt64(longestStep + fallsIn100))
        var high = ExtremeWindow(keepsHighest: true)
        var low = ExtremeWindow(keepsHighest: false)
        var range = RangeWindow()
        var time: Int64 = 1_700_000_000_000
        var price = 1_000_000
        for number in 0..<6_000 {
            // Now and then a time runs backwards.
            time += Int64(random.below(longestStep + 1)) - (random.below(50) == 0 ? 500 : 0)
            price += random.below(100) < fallsIn100 ? -random.below(10) : random.below(10)
            high.add(Price(price), at: time)
            low.add(Price(price), at: time)
            range.add(Price(price), at: time)
            #expect(range.highest == high.extreme)
            #expect(range.lowest == low.extreme)
            guard number % 997 == 0 else { continue }
            #expect(range.values == [.init("high", high.value), .init("low", low.value)])
            var restored = RangeWindow()
            let isRestored = restored.restore(.object(range.values))
            #expect(isRestored)
            range = restored
        }
    }
}
