/// The multiplication and division of 18-digit decimals, on raw integers. 256-bit intermediates:
/// exact up to the named rounding; nil when the result does not fit.
public enum FixedArithmetic {
    /// 10¹⁸: the raw form of 1.
    @inlinable public static var one: Int128 { 1_000_000_000_000_000_000 }

    /// 10^`exponent`, exponent 0…38.
    @inlinable
    public static func powerOfTen(_ exponent: Int) -> Int128 {
        precondition(exponent >= 0 && exponent <= 38, "a power of ten out of range")
        if exponent <= 18 { return Int128(smallPower(exponent)) }
        return Int128(smallPower(18))
            * (exponent <= 36
                ? Int128(smallPower(exponent - 18))
                : Int128(smallPower(18)) * Int128(smallPower(exponent - 36)))
    }

    @inlinable
    static func smallPower(_ exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power &*= 10 }
        return power
    }

    /// a × b of two raw numbers.
    @inlinable
    public static func multiply(_ a: Int128, _ b: Int128, _ rounding: Rounding) -> Int128? {
        if let product = exactProduct(a, b) { return product }
        let first = min(18, a.trailingZeroBitCount)
        let second = min(18 - first, b.trailingZeroBitCount)
        return multiplyThenDivide(
            a >> first, b >> second, by: one >> (first + second), rounding)
    }

    /// a × b of two raw numbers where it has 18 decimals, as that of a price and a quantity of few;
    /// nil where it is not found the short way.
    @inlinable
    public static func exactProduct(_ a: Int128, _ b: Int128) -> Int128? {
        // Numbers of few decimals have many factors of two in common with 10¹⁸: without them their
        // product nearly always fits, and 5¹⁸ is left to divide it by.
        let first = min(18, a.trailingZeroBitCount)
        let second = min(18 - first, b.trailingZeroBitCount)
        let (x, y) = (a >> first, b >> second)
        let free = x.magnitude.leadingZeroBitCount + y.magnitude.leadingZeroBitCount
        guard first + second == 18, free >= 129 else { return nil }
        // A division without rest is a multiplication by the inverse modulo 2¹²⁸, and what comes
        // out is this small only if there was none.
        let inverse =
            Int128(0xE0E1_BA56_9B88_CD74 as UInt64) &<< 64 | Int128(0xC177_3B91_FAC1_0669 as UInt64)
        let quotient = x &* y &* inverse
        return quotient.magnitude <= Int128.max.magnitude / 3_814_697_265_625 ? quotient : nil
    }

    /// a ÷ b of two raw numbers; nil for b = 0.
    @inlinable
    public static func divide(_ a: Int128, _ b: Int128, _ rounding: Rounding) -> Int128? {
        b == 0 ? nil : multiplyThenDivide(a, one, by: b, rounding)
    }

    /// a × b ÷ divisor with one rounding at the end; nil for divisor = 0 or when it does not fit.
    @inlinable
    public static func multiplyThenDivide(
        _ a: Int128, _ b: Int128, by divisor: Int128, _ rounding: Rounding
    ) -> Int128? {
        guard divisor != 0 else { return nil }
        let negative = ((a < 0) != (b < 0)) != (divisor < 0)
        let x = a.magnitude
        let y = b.magnitude
        let d = divisor.magnitude
        var quotient: UInt128
        let remainder: UInt128
        if (x | y) >> 64 == 0 {
            (quotient, remainder) = (x &* y).quotientAndRemainder(dividingBy: d)
        } else {
            let product = x.multipliedFullWidth(by: y)
            if product.high == 0 {
                (quotient, remainder) = product.low.quotientAndRemainder(dividingBy: d)
            } else {
                guard product.high < d else { return nil }
                (quotient, remainder) = d.dividingFullWidth(product)
            }
        }
        if remainder != 0 {
            switch rounding {
            case .towardZero: break
            case .awayFromZero: quotient &+= 1
            case .nearest: if remainder >= d - remainder { quotient &+= 1 }
            }
        }
        guard quotient <= UInt128(Int128.max) else { return nil }
        let result = Int128(quotient)
        return negative ? -result : result
    }

    /// Plain integer division with a named rounding; `divisor` above zero.
    @inlinable
    public static func divide(_ value: Int128, by divisor: Int128, _ rounding: Rounding) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        guard remainder != 0 else { return quotient }
        let away: Int128 = value < 0 ? -1 : 1
        switch rounding {
        case .towardZero: return quotient
        case .awayFromZero: return quotient + away
        case .nearest:
            let rest = remainder.magnitude
            return rest >= divisor.magnitude - rest ? quotient + away : quotient
        }
    }
}
