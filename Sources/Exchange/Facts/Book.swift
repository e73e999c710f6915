public import CoreModels

/// The top of an order book, best levels first on each side, whole.
public struct Book: Equatable, Sendable {
    public struct Level: Equatable, Sendable {
        public var price: Price
        /// Contracts (`Instrument.contractSize` base units each).
        public var contracts: Quantity

        public init(price: Price, contracts: Quantity) {
            self.price = price
            self.contracts = contracts
        }
    }

    public var symbol: Symbol
    /// The matching engine's time, or the push's where it tells none.
    public var timestamp: Timestamp
    /// Must not go down from one book of a symbol to the next.
    public var version: Int64
    public var bids: [Level]
    public var asks: [Level]

    public init(
        symbol: Symbol, timestamp: Timestamp, version: Int64, bids: [Level], asks: [Level]
    ) {
        self.symbol = symbol
        self.timestamp = timestamp
        self.version = version
        self.bids = bids
        self.asks = asks
    }
}
