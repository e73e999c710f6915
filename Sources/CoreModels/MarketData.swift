/// One price of one symbol, with what the screener knows about its window.
public struct MarketData: Equatable, Sendable {
    public var symbol: Symbol
    /// The exchange's time.
    public var timestamp: Timestamp
    /// Last trade; above zero.
    public var price: Price
    public var bid: Price?
    public var ask: Price?
    /// Quote-currency turnover within the lookback window; never negative.
    public var volume: Money
    public var volume24h: Money?
    /// Percent over the lookback window.
    public var pctChange: Ratio
    /// The window's length as text, `15m`.
    public var interval: String
    public var source: MarketSource
    /// Which message of which feed this is; nil when made by hand.
    public var reference: MarketReference?

    public init(
        symbol: Symbol, timestamp: Timestamp, price: Price, bid: Price? = nil, ask: Price? = nil,
        volume: Money, volume24h: Money? = nil, pctChange: Ratio, interval: String = "15m",
        source: MarketSource = .manual, reference: MarketReference? = nil
    ) {
        self.symbol = symbol
        self.timestamp = timestamp
        self.price = price
        self.bid = bid
        self.ask = ask
        self.volume = volume
        self.volume24h = volume24h
        self.pctChange = pctChange
        self.interval = interval
        self.source = source
        self.reference = reference
    }
}

/// Who published a market_data.
public enum MarketSource: String, Sendable, CaseIterable {
    case websocket = "mexc_ws"
    case rest = "mexc_rest"
    case replay
    case manual
}

/// The place of a market_data in its feed.
public struct MarketReference: Hashable, Sendable {
    /// Names one run of a producer; `replay-` + 16 hex digits in replays and backtests.
    public var feed: String
    /// From 1, contiguous per feed.
    public var sequence: Int64

    public init(feed: String, sequence: Int64) {
        self.feed = feed
        self.sequence = sequence
    }

    public static let lockStepPrefix = "replay-"

    /// A replay waits for its consumers (docs/DELIVERY.md): its messages may be handled late, twice
    /// or never out of order.
    public var isLockStep: Bool { feed.hasPrefix(Self.lockStepPrefix) }
}
