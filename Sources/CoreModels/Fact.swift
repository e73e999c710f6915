/// Everything that can be told to a decision core. A core ignores what does not concern it.
public enum Fact: Equatable, Sendable {
    case marketData(MarketData)
    case signal(Signal)
    case order(Order)
    case orderResult(OrderResult)
    /// Time has passed and nothing else happened.
    case clock
    /// Kill switch.
    case halt(flatten: Bool, reason: String)
    /// Lifts a halt; `rebase` sets the day's start to the present equity.
    case release(reason: String, rebase: Bool)
    /// `cdb trace` only: changes cash and position, asks no layer.
    case fill(HandFill)
    /// What a feed says of its exchange; nil code when reachable.
    case exchange(reachable: Bool, code: String?)
    /// Committed orders that cdb_execution has not handled yet.
    case orderBacklog(Int)
    /// The feed has ended: what waits for a quote will not get one.
    case endOfData
    /// The shell has something to say in the service's stream of alerts.
    case notice(AlertDraft)
}

/// A fill booked by hand.
public struct HandFill: Equatable, Sendable {
    public var symbol: Symbol
    public var side: Side
    public var quantity: Quantity
    public var price: Price
    public var fee: Money

    public init(symbol: Symbol, side: Side, quantity: Quantity, price: Price, fee: Money = .zero) {
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.price = price
        self.fee = fee
    }
}
