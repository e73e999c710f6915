public import CoreModels

/// One print of the tape.
public struct Trade: Equatable, Sendable {
    public var timestamp: Timestamp
    public var price: Price
    /// Contracts (`Instrument.contractSize` base units each).
    public var contracts: Quantity
    /// The taker's side.
    public var side: Side

    public init(timestamp: Timestamp, price: Price, contracts: Quantity, side: Side) {
        self.timestamp = timestamp
        self.price = price
        self.contracts = contracts
        self.side = side
    }
}
