public import CoreModels

/// One price as an exchange or a file tells it, before the screener puts it into its window.
public struct Observation: Equatable, Sendable {
    /// The quote-currency turnover that comes with a price.
    public enum Turnover: Equatable, Sendable {
        /// Traded since the observation before: a trade's price × quantity, a candle's turnover.
        case traded(Money)
        /// The exchange's rolling 24 h turnover; only its differences say something of a window.
        case cumulative24h(Money)
    }

    public var symbol: Symbol
    /// The exchange's time.
    public var timestamp: Timestamp
    public var price: Price
    public var turnover: Turnover
    public var bid: Price?
    public var ask: Price?
    public var volume24h: Money?
    public var source: MarketSource

    @inlinable
    public init(
        symbol: Symbol, timestamp: Timestamp, price: Price, turnover: Turnover = .traded(.zero),
        bid: Price? = nil, ask: Price? = nil, volume24h: Money? = nil,
        source: MarketSource = .replay
    ) {
        self.symbol = symbol
        self.timestamp = timestamp
        self.price = price
        self.turnover = turnover
        self.bid = bid
        self.ask = ask
        self.volume24h = volume24h
        self.source = source
    }

    /// A market_data taken as an observation: its volume is the turnover of that price alone
    /// (`cdb trace screener`).
    public init(_ data: MarketData) {
        self.init(
            symbol: data.symbol, timestamp: data.timestamp, price: data.price,
            turnover: .traded(data.volume), bid: data.bid, ask: data.ask,
            volume24h: data.volume24h, source: data.source)
    }
}
