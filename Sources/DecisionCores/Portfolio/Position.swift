public import CoreModels

/// What is held of one symbol. The cost is exact; the average entry price is derived from it.
public struct Position: Equatable, Sendable {
    public let symbol: Symbol
    /// Signed: negative is short; never zero in a portfolio.
    public internal(set) var quantity: Quantity
    /// What was paid for it; negative is what a short brought in. Without fees.
    public internal(set) var cost: Money
    public internal(set) var lastPrice: Price
    /// Quantity × last price, rounded down.
    public private(set) var value: Money = .zero
    /// |quantity| × last price, rounded up.
    public private(set) var gross: Money = .zero

    init(symbol: Symbol, quantity: Quantity = .zero, cost: Money = .zero, lastPrice: Price) {
        self.symbol = symbol
        self.quantity = quantity
        self.cost = cost
        self.lastPrice = lastPrice
    }

    /// The side whose fills increase it.
    public var side: Side { quantity.isNegative ? .sell : .buy }

    public var unrealized: Money { value - cost }

    /// Cost ÷ quantity, to the nearest unit.
    public var averageEntryPrice: Price { cost.divided(by: quantity, .nearest) ?? lastPrice }

    /// Values it at a price; false, and nothing changed, when the result exceeds
    /// `PortfolioCore.moneyLimit`.
    mutating func revalue(at price: Price) -> Bool {
        let size = quantity.magnitude
        let exact = FixedArithmetic.exactProduct(price.raw, size.raw).map(Money.init(raw:))
        guard let up = exact ?? price.times(size, .awayFromZero), up <= PortfolioCore.moneyLimit,
            let down = exact ?? price.times(size, .towardZero)
        else { return false }
        lastPrice = price
        gross = up
        value = quantity.isNegative ? -up : down
        return true
    }
}
