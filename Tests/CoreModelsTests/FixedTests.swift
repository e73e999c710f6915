import CoreModels
import Testing

@Suite("fixed-point numbers with 18 decimals")
struct FixedTests {
    @Test(
        "decimal text of every form is read exactly",
        arguments: [
            ("0", "0.0"), ("45000", "45000.0"), ("45000.0", "45000.0"), ("0.080550", "0.08055"),
            ("7.548E+4", "75480.0"), ("6.106243567181E7", "61062435.67181"),
            ("-1e-7", "-0.0000001"),
            ("0.00000000002947", "0.00000000002947"), ("1e20", "100000000000000000000.0"),
            ("0.000000000000000001", "0.000000000000000001"),
            (
                "170141183460469231731.687303715884105727",
                "170141183460469231731.687303715884105727"
            ),
        ])
    func reading(text: String, expected: String) {
        #expect(Price(text)?.description == expected)
    }

    @Test(
        "what is no number, or does not fit, is refused",
        arguments: [
            "", "-", "+1", ".5", "1.", "01", "1e", "1e+", "NaN", "Infinity", "1 ", "0x1", "1,5",
            "1e21", "170141183460469231731.687303715884105728", "1e999", "--1", "1e1.5",
        ])
    func refusing(text: String) {
        #expect(Price(text) == nil)
    }

    @Test("digits beyond the 18th are cut toward zero")
    func cutting() {
        #expect(Ratio("0.9999999999999999999")?.raw == 999_999_999_999_999_999)
        #expect(Ratio("-0.0000000000000000019")?.raw == -1)
        #expect(Ratio("1e-30")?.raw == 0)
    }

    @Test("print and read again is the identity", arguments: 1...40)
    func roundTrip(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        for _ in 0..<500 {
            let bits = UInt128(random.next()) << 64 | UInt128(random.next())
            let number = Money(raw: Int128(truncatingIfNeeded: bits >> (random.next() % 120)))
            #expect(Money(number.description) == number, "seed \(seed): \(number.raw)")
        }
    }

    @Test(
        "rounding goes where its name says",
        arguments: [
            (Rounding.towardZero, "0.333333333333333333", "-0.333333333333333333"),
            (.awayFromZero, "0.333333333333333334", "-0.333333333333333334"),
            (.nearest, "0.333333333333333333", "-0.333333333333333333"),
        ])
    func rounding(rounding: Rounding, up: String, down: String) {
        #expect(Money(1).ratio(to: Money(3), rounding)?.description == up)
        #expect(Money(-1).ratio(to: Money(3), rounding)?.description == down)
    }

    @Test("halves go away from zero, to fewer decimals too")
    func halves() {
        #expect(Ratio("1.2345")?.rounded(toDecimals: 3, .nearest) == Ratio("1.235"))
        #expect(Ratio("-1.2345")?.rounded(toDecimals: 3, .nearest) == Ratio("-1.235"))
        #expect(Ratio("1.2349")?.rounded(toDecimals: 3, .towardZero) == Ratio("1.234"))
        #expect(Ratio("1.2341")?.rounded(toDecimals: 3, .awayFromZero) == Ratio("1.235"))
        #expect(Ratio("7")?.rounded(toDecimals: 0, .nearest) == Ratio(7))
    }

    @Test("money, price and quantity multiply and divide exactly where they can")
    func units() {
        #expect(
            Price("45000")?.times(Quantity("0.01888888") ?? .zero, .towardZero) == Money("849.9996")
        )
        #expect(
            Money(850).divided(by: Price(45000), .towardZero)?.description == "0.018888888888888888"
        )
        #expect(Price(103).percentChange(from: Price(100), .nearest) == Ratio(3))
        #expect(Price(97).percentChange(from: Price(100), .nearest) == Ratio(-3))
        #expect(Money(200).scaled(by: Ratio("0.05") ?? .zero, .towardZero) == Money(10))
    }

    @Test("what does not fit is nil, and so is a division by zero")
    func overflow() {
        let huge = Price(raw: .max)
        #expect(huge.times(Quantity(2), .towardZero) == nil)
        #expect(Money(raw: .max).adding(Money(raw: 1)) == nil)
        #expect(Money(1).divided(by: Price.zero, .towardZero) == nil)
        #expect(Money(raw: .max).divided(by: Price(raw: 1), .towardZero) == nil)
    }

    @Test("the short way to a product gives what the long way gives", arguments: 1...20)
    func exactProducts(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var found = 0
        for number in 0..<500 {
            let decimals = (Int(random.next() % 11), Int(random.next() % 11))
            let sign: Int128 = number % 3 == 0 ? -1 : 1
            let a =
                sign * Int128(random.next() % 100_000_000)
                * FixedArithmetic.powerOfTen(18 - decimals.0)
            let b =
                Int128(random.next() % 100_000_000) * FixedArithmetic.powerOfTen(18 - decimals.1)
            guard let product = FixedArithmetic.exactProduct(a, b) else { continue }
            found += 1
            for rounding in [Rounding.towardZero, .awayFromZero] {
                let long = FixedArithmetic.multiplyThenDivide(
                    a, b, by: FixedArithmetic.one, rounding)
                #expect(product == long, "\(a) × \(b)")
            }
        }
        #expect(found > 250)
    }

    @Test("multiplying and dividing again comes back within one unit", arguments: 1...20)
    func inverse(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        for _ in 0..<300 {
            let price = Price(raw: Int128(random.next() % 1_000_000_000_000) * 1_000_000_000 + 1)
            let quantity = Quantity(raw: Int128(random.next()))
            guard let notional = price.times(quantity, .towardZero) else { continue }
            let back = try #require(notional.divided(by: price, .towardZero))
            // One unit of money is 1 ÷ price units of quantity.
            let unit = try #require(Money(raw: 1).divided(by: price, .awayFromZero))
            #expect(back <= quantity && quantity - back <= unit, "seed \(seed)")
        }
    }
}

/// A seed gives the same sequence everywhere.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
