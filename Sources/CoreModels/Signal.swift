/// BUY or SELL.
public enum Side: String, Sendable, CaseIterable {
    case buy = "BUY"
    case sell = "SELL"

    public var opposite: Side { self == .buy ? .sell : .buy }
}

/// A wish of a strategy to trade.
public struct Signal: Equatable, Sendable {
    public var envelope: Envelope
    public var symbol: Symbol
    public var side: Side
    /// Above 0, at most 1.
    public var confidence: Ratio
    public var reason: String
    public var timestamp: Timestamp
    /// As the strategy saw it; only recorded. Nil in a message made by hand without one.
    public var price: Price?
    /// Percent; nil when by hand.
    public var pctChange: Ratio?
    public var volume: Money?
    public var strategy: String
    /// Quantity wished by the strategy, in base currency.
    public var size: Quantity?
    public var source: SignalSource
    public var market: MarketReference?

    public init(
        envelope: Envelope, symbol: Symbol, side: Side, confidence: Ratio, reason: String = "",
        timestamp: Timestamp, price: Price? = nil, pctChange: Ratio? = nil, volume: Money? = nil,
        strategy: String = "manual", size: Quantity? = nil, source: SignalSource = .manual,
        market: MarketReference? = nil
    ) {
        self.envelope = envelope
        self.symbol = symbol
        self.side = side
        self.confidence = confidence
        self.reason = reason
        self.timestamp = timestamp
        self.price = price
        self.pctChange = pctChange
        self.volume = volume
        self.strategy = strategy
        self.size = size
        self.source = source
        self.market = market
    }
}

public enum SignalSource: String, Sendable, CaseIterable {
    case engine
    case manual
}
