/// A signed decimal number with 18 digits after the point, held as an integer (`raw` × 10⁻¹⁸).
///
/// Range ±1.7·10²⁰. `Unit` is a phantom: it keeps prices, quantities, money and ratios apart at
/// compile time and costs nothing. Same + same is the only arithmetic every unit has; what may be
/// multiplied or divided by what stands in `Units.swift`. Overflow of `+`, `-` traps; values from
/// outside go through the checked forms, which return nil.
@frozen
public struct Fixed<Unit>: Hashable, Sendable {
    /// The number in units of 10⁻¹⁸.
    public var raw: Int128

    @inlinable
    public init(raw: Int128) { self.raw = raw }

    /// A whole number; traps above 1.7·10²⁰ which no `Int` reaches.
    @inlinable
    public init(_ whole: Int) { raw = Int128(whole) * FixedArithmetic.one }

    @inlinable public static var zero: Self { Self(raw: 0) }

    @inlinable public var isPositive: Bool { raw > 0 }
    @inlinable public var isNegative: Bool { raw < 0 }
    @inlinable public var magnitude: Self { raw < 0 ? Self(raw: -raw) : self }

    @inlinable
    public static func + (left: Self, right: Self) -> Self { Self(raw: left.raw + right.raw) }

    @inlinable
    public static func - (left: Self, right: Self) -> Self { Self(raw: left.raw - right.raw) }

    @inlinable
    public static prefix func - (value: Self) -> Self { Self(raw: -value.raw) }

    @inlinable
    public static func += (left: inout Self, right: Self) { left.raw += right.raw }

    @inlinable
    public static func -= (left: inout Self, right: Self) { left.raw -= right.raw }

    /// The sum, or nil when it does not fit.
    @inlinable
    public func adding(_ other: Self) -> Self? {
        let (sum, overflow) = raw.addingReportingOverflow(other.raw)
        return overflow ? nil : Self(raw: sum)
    }

    /// The same number with at most `decimals` (0…18) digits after the point.
    @inlinable
    public func rounded(toDecimals decimals: Int, _ rounding: Rounding) -> Self {
        let step = FixedArithmetic.powerOfTen(18 - decimals)
        let quotient = FixedArithmetic.divide(raw, by: step, rounding)
        return Self(raw: quotient * step)
    }

    /// For statistics only (metrics, histograms): the nearest `Double`.
    public var double: Double {
        let magnitude = raw.magnitude
        // 64 bits hold more than a `Double` does; what is cut below them is told by the last one.
        let shift = max(0, 64 - magnitude.leadingZeroBitCount)
        var bits = UInt64(truncatingIfNeeded: magnitude >> shift)
        if shift > 0, magnitude.trailingZeroBitCount < shift { bits |= 1 }
        let value = Double(bits) * Double(sign: .plus, exponent: shift, significand: 1) / 1e18
        return raw < 0 ? -value : value
    }
}

extension Fixed: Comparable {
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

/// Where an operation cannot be exact, its caller says where the rest goes.
@frozen
public enum Rounding: Sendable {
    case towardZero
    case awayFromZero
    /// To the nearest, half away from zero.
    case nearest
}
