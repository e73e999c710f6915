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
