import CoreModels

extension Fixed {
    /// As `rounded`, or nil for a number so near the end of the range that rounding may leave it.
    func roundedIfFits(toDecimals decimals: Int, _ rounding: Rounding) -> Self? {
        let end = Int128.max - FixedArithmetic.one
        guard raw <= end, raw >= -end else { return nil }
        return rounded(toDecimals: decimals, rounding)
    }

    /// The number with exactly `decimals` (0…18) digits after the point: `8.50`, `-3.50`, `250000`.
    func text(decimals: Int, _ rounding: Rounding) -> String {
        let digits = (roundedIfFits(toDecimals: decimals, rounding) ?? self).description
        let point = digits.firstIndex(of: ".") ?? digits.endIndex
        guard decimals > 0 else { return String(digits[..<point]) }
        let written = digits.distance(from: point, to: digits.endIndex) - 1
        return digits + String(repeating: "0", count: max(0, decimals - written))
    }
}

extension Fixed where Unit == PriceUnit {
    /// As `percentChange(from:)` to the nearest, rounded to 3 decimals, with one division of 64 bits
    /// instead of two of 128. Nil where that does not give the very same number.
    func percentChangeInThousandths(from base: Price) -> Ratio? {
        let difference = (raw &- base.raw).magnitude
        // Prices of few decimals are multiples of a power of two.
        let low = UInt64(truncatingIfNeeded: difference) | UInt64(truncatingIfNeeded: base.raw)
        let shift = min(63, low.trailingZeroBitCount)
        let part = difference >> shift
        let whole = base.raw.magnitude >> shift
        guard base.raw > 0, raw > 0, part >> 64 == 0, whole >> 64 == 0 else { return nil }
        let divisor = UInt64(truncatingIfNeeded: whole)
        let scaled = UInt64(truncatingIfNeeded: part).multipliedFullWidth(by: 100_000)
        guard scaled.high < divisor else { return nil }
        let (quotient, rest) = divisor.dividingFullWidth(scaled)
        // Within 10⁻¹⁵ below a tie, rounding twice (to 18 decimals, then to 3) would go up.
        let toTie = Int128(divisor) - 2 * Int128(rest)
        guard toTie <= 0 || toTie > divisor / 1_000_000_000_000_000, quotient < 1 << 62 else {
            return nil
        }
        let thousandths = Int128(quotient + (toTie <= 0 ? 1 : 0))
        return Ratio(raw: (raw < base.raw ? -thousandths : thousandths) * 1_000_000_000_000_000)
    }
}
