/// Decimal digits written straight into memory: what `DecimalText` and the JSON writer are made of.
public enum DecimalDigits {
    /// The most bytes a raw fixed-point number or a 64-bit integer needs.
    public static let capacity = 48

    /// Writes a raw number (× 10⁻¹⁸) as the shortest exact text with at least one digit after the
    /// point; returns the bytes written, at most `capacity`.
    public static func write(_ raw: Int128, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        if raw < 0 {
            target[0] = UInt8(ascii: "-")
            count = 1
        }
        let (whole, fraction) = split(raw.magnitude)
        if let small = UInt64(exactly: whole) {
            count += write(small, to: target + count)
        } else {
            // At most 1.7·10²⁰: two pieces, the second with its zeros.
            let (high, low) = whole.quotientAndRemainder(dividingBy: 1_000_000_000_000)
            count += write(UInt64(high), to: target + count)
            write(UInt64(low), digits: 12, to: target + count)
            count += 12
        }
        target[count] = UInt8(ascii: ".")
        return count + 1 + writeFraction(fraction, to: target + count + 1)
    }

    /// Writes an integer; returns the bytes written.
    public static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 1
        var limit: UInt64 = 10
        while value >= limit {
            count += 1
            let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
            if overflow { break }
            limit = next
        }
        write(value, digits: count, to: target)
        return count
    }

    private static func split(_ magnitude: UInt128) -> (whole: UInt128, fraction: UInt64) {
        let one: UInt64 = 1_000_000_000_000_000_000
        let high = UInt64(truncatingIfNeeded: magnitude >> 64)
        let low = UInt64(truncatingIfNeeded: magnitude)
        if high == 0 { return (UInt128(low / one), low % one) }
        if high < one {
            let (whole, fraction) = one.dividingFullWidth((high, low))
            return (UInt128(whole), fraction)
        }
        let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: UInt128(one))
        return (whole, UInt64(fraction))
    }

    private static func writeFraction(
        _ fraction: UInt64, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var rest = fraction
        var digits = 18
        // Nearly all numbers have few decimals: many zeros are cut at once.
        if rest % 1_000_000_000 == 0 {
            rest /= 1_000_000_000
            digits = 9
        }
        if rest % 10_000 == 0 {
            rest /= 10_000
            digits -= 4
        }
        if rest % 100 == 0 {
            rest /= 100
            digits -= 2
        }
        while digits > 1, rest % 10 == 0 {
            rest /= 10
            digits -= 1
        }
        write(rest, digits: digits, to: target)
        return digits
    }

    /// Exactly `digits` digits, zeros in front.
    private static func write(
        _ value: UInt64, digits: Int, to target: UnsafeMutablePointer<UInt8>
    ) {
        var rest = value
        var index = digits
        while index > 0 {
            index -= 1
            target[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
