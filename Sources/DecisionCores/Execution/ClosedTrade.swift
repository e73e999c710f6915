public import CoreModels

/// What one fill closed of a position, for the statistics.
public struct ClosedTrade: Equatable, Sendable {
    public var symbol: Symbol
    /// Of the fill that closed.
    public var side: Side
    /// Fees of both sides counted.
    public var pnl: Money
    /// From the position's opening to this fill.
    public var durationMilliseconds: Int64

    public init(symbol: Symbol, side: Side, pnl: Money, durationMilliseconds: Int64) {
        self.symbol = symbol
        self.side = side
        self.pnl = pnl
        self.durationMilliseconds = durationMilliseconds
    }
}
