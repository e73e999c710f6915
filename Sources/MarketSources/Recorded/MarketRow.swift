public import CoreModels

/// One row of a market file: a trade, or a candle with its close in the place of the trade's price.
public struct MarketRow: Equatable, Sendable, TimeOrdered {
    /// What only a candle has.
    public struct Candle: Equatable, Sendable {
        /// In milliseconds.
        public var interval: Int64
        public var open: Price
        public var high: Price
        public var low: Price
    }

    public var symbol: Symbol
    /// When the trade happened or the candle opened.
    public var time: Timestamp
    /// The trade's price or the candle's close.
    public var price: Price
    /// In base currency.
    public var quantity: Quantity
    /// In quote currency: the file's own figure, else price × quantity.
    public var turnover: Money
    /// Nil for a trade.
    public var candle: Candle?
}
