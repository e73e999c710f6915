/// How an order ended; every status is terminal.
public struct OrderResult: Equatable, Sendable {
    public enum Status: String, Sendable, CaseIterable {
        case filled = "FILLED"
        case partiallyFilled = "PARTIALLY_FILLED"
        case rejected = "REJECTED"
        case cancelled = "CANCELLED"
        case error = "ERROR"
    }

    public var envelope: Envelope
    public var orderID: String
    public var clientID: String
    public var status: Status
    public var symbol: Symbol
    public var side: Side
    /// As ordered.
    public var quantity: Quantity
    public var filledQuantity: Quantity
    /// Average fill price; nil when nothing was filled.
    public var price: Price?
    public var referencePrice: Price?
    /// Against the quote it filled on; positive is to the trader's loss.
    public var slippageBps: Ratio?
    /// In `feeCurrency`.
    public var fee: Money
    public var feeCurrency: String
    public var mode: String
    public var errorCode: String?
    public var errorMessage: String?
    public var timestamp: Timestamp

    public init(
        envelope: Envelope, orderID: String, clientID: String, status: Status, symbol: Symbol,
        side: Side, quantity: Quantity, filledQuantity: Quantity = .zero, price: Price? = nil,
        referencePrice: Price? = nil, slippageBps: Ratio? = nil, fee: Money = .zero,
        feeCurrency: String = "USDT", mode: String = "paper", errorCode: String? = nil,
        errorMessage: String? = nil, timestamp: Timestamp
    ) {
        self.envelope = envelope
        self.orderID = orderID
        self.clientID = clientID
        self.status = status
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.filledQuantity = filledQuantity
        self.price = price
        self.referencePrice = referencePrice
        self.slippageBps = slippageBps
        self.fee = fee
        self.feeCurrency = feeCurrency
        self.mode = mode
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.timestamp = timestamp
    }
}
