public import CoreModels

/// The last known quote of a symbol.
public struct PaperQuote: Equatable, Sendable {
    /// Last trade.
    public var price: Price
    public var bid: Price?
    public var ask: Price?
    /// Quote turnover within the screener's window.
    public var volume: Money
    /// The clock when it was seen: its age counts from here.
    public var receivedAt: Timestamp

    public init(
        price: Price, bid: Price? = nil, ask: Price? = nil, volume: Money, receivedAt: Timestamp
    ) {
        self.price = price
        self.bid = bid
        self.ask = ask
        self.volume = volume
        self.receivedAt = receivedAt
    }

    /// Both sides of the book, nil when it is one-sided or crossed.
    public var book: (bid: Price, ask: Price)? {
        guard let bid, let ask, bid.isPositive, bid <= ask else { return nil }
        return (bid, ask)
    }
}
