/// Quote currency per unit of base currency.
public enum PriceUnit {}
/// Base currency.
public enum QuantityUnit {}
/// Quote currency (USDT).
public enum MoneyUnit {}
/// A number without unit: shares (0.05 = 5 %), percentages, basis points, confidences.
public enum RatioUnit {}

public typealias Price = Fixed<PriceUnit>
public typealias Quantity = Fixed<QuantityUnit>
public typealias Money = Fixed<MoneyUnit>
public typealias Ratio = Fixed<RatioUnit>

// What may be multiplied and divided. All are nil on overflow: these numbers come from outside.

extension Fixed where Unit == PriceUnit {
    /// price × quantity.
    @inlinable
    public func times(_ quantity: Quantity, _ rounding: Rounding) -> Money? {
        FixedArithmetic.multiply(raw, quantity.raw, rounding).map(Money.init(raw:))
    }

    /// (self − base) ÷ base × 100, in percent; nil when `base` is zero.
    @inlinable
    public func percentChange(from base: Price, _ rounding: Rounding) -> Ratio? {
        FixedArithmetic.multiplyThenDivide(
            raw - base.raw, 100 * FixedArithmetic.one, by: base.raw, rounding
        ).map(Ratio.init(raw:))
    }
}

extension Fixed where Unit == MoneyUnit {
    /// money ÷ price.
    @inlinable
    public func divided(by price: Price, _ rounding: Rounding) -> Quantity? {
        FixedArithmetic.divide(raw, price.raw, rounding).map(Quantity.init(raw:))
    }

    /// money ÷ quantity.
    @inlinable
    public func divided(by quantity: Quantity, _ rounding: Rounding) -> Price? {
        FixedArithmetic.divide(raw, quantity.raw, rounding).map(Price.init(raw:))
    }
}

extension Fixed {
    /// This times a ratio, in the same unit.
    @inlinable
    public func scaled(by ratio: Ratio, _ rounding: Rounding) -> Self? {
        FixedArithmetic.multiply(raw, ratio.raw, rounding).map(Self.init(raw:))
    }

    /// This ÷ other of the same unit; nil when other is zero.
    @inlinable
    public func ratio(to other: Self, _ rounding: Rounding) -> Ratio? {
        FixedArithmetic.divide(raw, other.raw, rounding).map(Ratio.init(raw:))
    }
}
