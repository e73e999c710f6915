public import CoreModels

/// One candle; a minute without trades is flat and has no turnover.
public struct Candle: Equatable, Sendable {
    /// Start of its window.
    public var start: Timestamp
    public var open: Price
    public var high: Price
    public var low: Price
    public var close: Price
    /// Quote turnover.
    public var turnover: Money

    public init(
        start: Timestamp, open: Price, high: Price, low: Price, close: Price, turnover: Money
    ) {
        self.start = start
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.turnover = turnover
    }
}
