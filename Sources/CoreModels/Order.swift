/// A market order that passed risk.
public struct Order: Equatable, Sendable {
    public enum Reason: String, Sendable, CaseIterable {
        case signal = "SIGNAL"
        case stopLoss = "STOP_LOSS"
        case flattenDrawdown = "FLATTEN_DRAWDOWN"
        case flattenManual = "FLATTEN_MANUAL"
    }

    public var envelope: Envelope
    /// Equal to the envelope's id in everything we publish.
    public var orderID: String
    /// Deterministic; at most 32 characters of `[A-Za-z0-9_-]`.
    public var clientID: String
    public var symbol: Symbol
    public var side: Side
    public var quantity: Quantity
    public var reduceOnly: Bool
    /// Reference price of the decision.
    public var price: Price?
    /// Share, 0.02 = 2 %.
    public var stopLossPct: Ratio?
    public var stopLossPrice: Price?
    public var signalID: String?
    public var reason: Reason
    public var approvedBy: String
    public var trimmed: Bool
    public var market: MarketReference?
    public var timestamp: Timestamp

    public init(
        envelope: Envelope, orderID: String, clientID: String, symbol: Symbol, side: Side,
        quantity: Quantity, reduceOnly: Bool = false, price: Price? = nil,
        stopLossPct: Ratio? = nil, stopLossPrice: Price? = nil, signalID: String? = nil,
        reason: Reason = .signal, approvedBy: String = Service.risk.rawValue, trimmed: Bool = false,
        market: MarketReference? = nil, timestamp: Timestamp
    ) {
        self.envelope = envelope
        self.orderID = orderID
        self.clientID = clientID
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.reduceOnly = reduceOnly
        self.price = price
        self.stopLossPct = stopLossPct
        self.stopLossPrice = stopLossPrice
        self.signalID = signalID
        self.reason = reason
        self.approvedBy = approvedBy
        self.trimmed = trimmed
        self.market = market
        self.timestamp = timestamp
    }
}
