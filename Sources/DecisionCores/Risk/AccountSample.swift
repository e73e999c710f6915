public import CoreModels

/// What of the account matters for statistics over time.
public struct AccountSample: Equatable, Sendable {
    public var equity: Money
    public var exposure: Money
    public var dayStartEquity: Money
    public var timestamp: Timestamp

    public init(
        equity: Money, exposure: Money, dayStartEquity: Money, timestamp: Timestamp
    ) {
        self.equity = equity
        self.exposure = exposure
        self.dayStartEquity = dayStartEquity
        self.timestamp = timestamp
    }

    public init(_ account: borrowing Account) {
        self.init(
            equity: account.equity, exposure: account.exposure,
            dayStartEquity: account.dayStartEquity, timestamp: account.timestamp)
    }
}
