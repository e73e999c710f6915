public import CoreModels

/// What the paper exchange filled of an order.
public struct PaperFill: Equatable, Sendable {
    /// At most what was ordered.
    public var quantity: Quantity
    public var price: Price
    /// What the price is compared with: ask or bid, or the last price ± half the spread.
    public var quotePrice: Price
    /// (price − quotePrice) ÷ quotePrice in basis points, 4 decimals; positive is to the trader's
    /// loss, which it always is.
    public var slippageBps: Ratio
    /// In quote currency.
    public var fee: Money

    public init(
        quantity: Quantity, price: Price, quotePrice: Price, slippageBps: Ratio, fee: Money
    ) {
        self.quantity = quantity
        self.price = price
        self.quotePrice = quotePrice
        self.slippageBps = slippageBps
        self.fee = fee
    }
}
