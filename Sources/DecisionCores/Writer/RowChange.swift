public import CoreModels

/// A change of the read tables (docs/DATABASE.md). Each may be applied twice without harm.
public enum RowChange: Equatable, Sendable {
    case signal(Signal)
    case riskEvent(RiskEventRow)
    case order(Order)
    /// The order's status, fill and fees.
    case orderResult(OrderResult)
    case fill(OrderResult)
    case trade(TradeRow)
    case position(PositionRow)
    case positionClosed(Symbol)
    case balance(Account)
    case alert(Alert)
}

/// A risk decision that rejected or trimmed, or an alert of cdb_risk.
public struct RiskEventRow: Equatable, Sendable {
    /// The id of the decision or alert.
    public var id: String
    public var severity: Alert.Level
    public var code: String
    public var layer: Int?
    public var symbol: Symbol?
    public var signalID: String?
    /// True when an order was refused altogether.
    public var blockedOrder: Bool
    public var description: String
    /// A list.
    public var checks: Value
    public var timestamp: Timestamp
}

/// A round trip: opened by the fill that opens a position, closed when it is flat.
public struct TradeRow: Equatable, Sendable {
    /// `trades-<n>`, numbered in the order of the fills.
    public var id: String
    public var signalID: String?
    public var symbol: Symbol
    /// That of the opening fill.
    public var side: Side
    /// All that was entered.
    public var quantity: Quantity
    /// Average over all entries.
    public var entryPrice: Price
    /// Average over the exits so far; nil without one.
    public var exitPrice: Price?
    /// Realised so far, after fees.
    public var pnl: Money
    /// Of the entered notional, in percent.
    public var pnlPct: Ratio
    public var fees: Money
    public var entryOrderID: String
    /// The order that closed it; nil while it is open.
    public var exitOrderID: String?
    public var openedAt: Timestamp
    public var closedAt: Timestamp?

    public var isOpen: Bool { closedAt == nil }
}

/// A symbol with an open position.
public struct PositionRow: Equatable, Sendable {
    public var symbol: Symbol
    public var isLong: Bool
    /// Above zero.
    public var quantity: Quantity
    public var entryPrice: Price
    public var currentPrice: Price
    public var unrealized: Money
    public var stopLossPrice: Price?
    public var openedAt: Timestamp
    public var updatedAt: Timestamp
}
