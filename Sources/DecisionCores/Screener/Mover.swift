public import CoreModels

/// One line of `GET /top`: how a symbol moved over the window.
public struct Mover: Equatable, Sendable {
    public var symbol: Symbol
    public var price: Price
    /// Percent, 3 decimals.
    public var pctChange: Ratio
    /// Quote turnover within the window.
    public var volume: Money
    public var timestamp: Timestamp

    public init(
        symbol: Symbol, price: Price, pctChange: Ratio, volume: Money, timestamp: Timestamp
    ) {
        self.symbol = symbol
        self.price = price
        self.pctChange = pctChange
        self.volume = volume
        self.timestamp = timestamp
    }

    /// Larger |pct_change| first, equal ones by symbol.
    public func isBefore(_ other: Mover) -> Bool {
        let mine = pctChange.magnitude
        let others = other.pctChange.magnitude
        return mine == others ? symbol < other.symbol : mine > others
    }
}

/// The symbols that moved most, up and down, largest |pct_change| first.
public struct TopMovers: Equatable, Sendable {
    public var gainers: [Mover]
    public var losers: [Mover]

    public init(gainers: [Mover], losers: [Mover]) {
        self.gainers = gainers
        self.losers = losers
    }
}
