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
    /// As `percentChange(from:)` to the nearest, rounded to 3 decimals, by one division in floating
    /// point: its result is off by less than a millionth of the last decimal, so it rounds as the
    /// exact one does wherever it is further than that from a tie. Nil where it is not.
    @inline(__always)
    func percentChangeInThousandths(from base: Price) -> Ratio? {
        guard raw > 0, base.raw > 0 else { return nil }
        let change = (approximate / base.approximate - 1) * 100_000
        // 1.5 · 2⁵²: what is added to it loses its fraction, and stands in the lowest bits.
        let large = 6_755_399_441_055_744.0
        let sum = change + large
        // Up to 10⁵ % the error, below 2⁻⁵⁰ of the quotient, stays that small.
        guard change.magnitude < 100_000_000, (change - (sum - large)).magnitude < 0.499_999
        else { return nil }
        let thousandths = Int64(bitPattern: sum.bitPattern &- large.bitPattern)
        return Ratio(raw: Int128(thousandths) &* 1_000_000_000_000_000)
    }

    /// To one part in 2⁵²; above zero.
    private var approximate: Double {
        let high = Double(Int64(truncatingIfNeeded: raw >> 64))
        return high * 18_446_744_073_709_551_616 + Double(UInt64(truncatingIfNeeded: raw))
    }
}
