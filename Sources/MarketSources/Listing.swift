public import CoreModels

/// What a source of prices tells of one of its symbols before the first price.
public struct Listing: Equatable, Sendable {
    public var symbol: Symbol
    /// Where its price begins.
    public var price: Price
    /// Digits after the point of its prices, 0…18.
    public var decimals: Int
    /// The usual turnover of a minute before the first price; zero: it has no past.
    public var turnoverPerMinute: Money

    public init(symbol: Symbol, price: Price, decimals: Int, turnoverPerMinute: Money) {
        self.symbol = symbol
        self.price = price
        self.decimals = decimals
        self.turnoverPerMinute = turnoverPerMinute
    }
}
