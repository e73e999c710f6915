import CoreModels
import Testing

@testable import DecisionCores

@Suite("The change of a price in thousandths of a percent")
struct PercentChangeTests {
    private func exact(_ price: Price, _ base: Price) -> Ratio? {
        price.percentChange(from: base, .nearest)?.roundedIfFits(toDecimals: 3, .nearest)
    }

    @Test(
        "is that of two roundings, or left to them",
        arguments: [
            ("103", "100"), ("102.9995", "100"), ("102.99949999999999", "100"), ("97", "100"),
            ("97.0005", "100"), ("0.00001234", "0.00001200"), ("60000.12", "58252.543689"),
            ("1", "3"), ("2", "3"), ("100000000000", "0.000000000000000001"),
            ("0.000000000000000001", "100000000000"), ("100", "100"), ("1.000005", "1"),
            ("1.000004999999999999", "1"), ("0.999995", "1"),
        ])
    func table(price: String, base: String) throws {
        let (price, base) = (try #require(Price(price)), try #require(Price(base)))
        let fast = price.percentChangeInThousandths(from: base)
        #expect(fast == nil || fast == exact(price, base))
    }

    @Test("is found the fast way for prices as exchanges have them", arguments: [UInt64(1), 2, 3])
    func random(seed: UInt64) {
        var state = seed
        func draw(_ bound: Int64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(state >> 33) % bound
        }
        var fastOnes = 0
        for _ in 0..<20_000 {
            let decimals = Int(draw(9))
            let unit = FixedArithmetic.powerOfTen(18 - decimals)
            let base = Price(raw: Int128(1 + draw(1_000_000_000)) * unit)
            let price = Price(raw: Int128(1 + draw(1_000_000_000)) * unit)
            guard let fast = price.percentChangeInThousandths(from: base) else { continue }
            fastOnes += 1
            #expect(fast == exact(price, base), "\(price) from \(base)")
        }
        #expect(fastOnes > 10_000)
    }
}
