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
}
