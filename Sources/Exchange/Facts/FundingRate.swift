public import CoreModels

/// What holders of a perpetual contract pay each other next. Paper trading books none of it.
public struct FundingRate: Equatable, Sendable {
    public var symbol: Symbol
    /// Of a position's worth, 0.0001 = 0.01 %; above zero the long side pays the short one.
    public var rate: Ratio
    public var nextSettlement: Timestamp
    /// From one settlement to the next; nil where the exchange does not say.
    public var cycleHours: Int64?

    public init(
        symbol: Symbol, rate: Ratio, nextSettlement: Timestamp, cycleHours: Int64? = nil
    ) {
        self.symbol = symbol
        self.rate = rate
        self.nextSettlement = nextSettlement
        self.cycleHours = cycleHours
    }
}
