public import CoreModels

/// A price from before a window began, as a candle's close tells it.
public struct PastPrice: Equatable, Sendable {
    public var time: Timestamp
    /// Above zero.
    public var price: Price
    /// Quote turnover traded since the price before; not negative.
    public var turnover: Money

    public init(time: Timestamp, price: Price, turnover: Money) {
        self.time = time
        self.price = price
        self.turnover = turnover
    }
}
