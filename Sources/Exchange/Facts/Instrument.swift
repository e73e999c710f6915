public import CoreModels

/// One market of the exchange, as its list of contracts describes it.
public struct Instrument: Equatable, Sendable {
    public var symbol: Symbol
    /// Base units per contract; 1 where the exchange counts in base units (spot).
    public var contractSize: Quantity
    /// The smallest step of its price.
    public var priceStep: Price
    /// Whether it may be screened: enabled, visible, crypto, quoted and settled in USDT.
    public var isTradable: Bool

    public init(
        symbol: Symbol, contractSize: Quantity, priceStep: Price, isTradable: Bool
    ) {
        self.symbol = symbol
        self.contractSize = contractSize
        self.priceStep = priceStep
        self.isTradable = isTradable
    }
}
