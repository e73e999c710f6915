public import CoreModels

/// One row of the market-wide list of tickers.
public struct Ticker: Equatable, Sendable {
    public var symbol: Symbol
    /// The exchange's time of this row.
    public var timestamp: Timestamp
    public var lastPrice: Price
    /// Quote turnover of the last 24 h, rolling; nil where the row has none.
    public var turnover24h: Money?
    /// Only replies to questions have them, not the stream; seconds old at worst.
    public var bid: Price?
    public var ask: Price?

    public init(
        symbol: Symbol, timestamp: Timestamp, lastPrice: Price, turnover24h: Money? = nil,
        bid: Price? = nil, ask: Price? = nil
    ) {
        self.symbol = symbol
        self.timestamp = timestamp
        self.lastPrice = lastPrice
        self.turnover24h = turnover24h
        self.bid = bid
        self.ask = ask
    }
}
