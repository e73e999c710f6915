public import CoreModels

/// What execution itself filled of one symbol: bounds reduce-only orders and feeds the statistics.
/// The account's truth is risk's portfolio.
public struct PaperPosition: Equatable, Sendable {
    /// Signed: negative is short.
    public internal(set) var quantity: Quantity = .zero
    /// Paid for a long, received for a short, fees counted against the trader; never signed.
    var cost: Money = .zero
    var openedAt: Timestamp?
    /// Realised by all closings, fees of both sides counted.
    public internal(set) var realized: Money = .zero
    public internal(set) var buys: Int64 = 0
    public internal(set) var sells: Int64 = 0
    public internal(set) var ordersReceived: Int64 = 0

    init() {}

    /// What a reduce-only order of this side may take at most.
    public func reducible(_ side: Side) -> Quantity {
        switch side {
        case .buy: max(.zero, -quantity)
        case .sell: max(.zero, quantity)
        }
    }

    /// Whether a fill fits: position, cost and result stay numbers. To be asked before `book`.
    func hasRoom(_ side: Side, _ filled: Quantity, price: Price, fee: Money) -> Bool {
        let room = Int128.max / 4
        guard let notional = price.times(filled, .awayFromZero) else { return false }
        return [
            quantity.raw, filled.raw, cost.raw, realized.raw, notional.raw, fee.raw,
        ].allSatisfy { $0 > -room && $0 < room }
    }

    /// Books a fill that has room; tells what it closed.
    mutating func book(
        _ side: Side, _ filled: Quantity, price: Price, fee: Money, at now: Timestamp
    ) -> (pnl: Money, openedAt: Timestamp)? {
        let closed = min(reducible(side), filled)
        let feeClosed = portion(fee, closed, of: filled)
        let closing = close(side, closed, price: price, fee: feeClosed)
        open(side, filled - closed, price: price, fee: fee - feeClosed, at: now)
        return closing
    }

    private mutating func close(
        _ side: Side, _ closed: Quantity, price: Price, fee: Money
    ) -> (pnl: Money, openedAt: Timestamp)? {
        guard closed.isPositive, let value = price.times(closed, .nearest), let openedAt
        else { return nil }
        let costClosed = portion(cost, closed, of: quantity.magnitude)
        let gain = side == .sell ? value - costClosed : costClosed - value
        let pnl = gain - fee
        quantity += side == .sell ? -closed : closed
        cost -= costClosed
        realized += pnl
        if quantity == .zero { self.openedAt = nil }
        return (pnl, openedAt)
    }

    private mutating func open(
        _ side: Side, _ opened: Quantity, price: Price, fee: Money, at now: Timestamp
    ) {
        guard opened.isPositive, let value = price.times(opened, .nearest) else { return }
        if quantity == .zero { openedAt = now }
        quantity += side == .buy ? opened : -opened
        cost += side == .buy ? value + fee : value - fee
    }

    /// money × part ÷ whole.
    private func portion(_ money: Money, _ part: Quantity, of whole: Quantity) -> Money {
        Money(
            raw: FixedArithmetic.multiplyThenDivide(money.raw, part.raw, by: whole.raw, .nearest)
                ?? 0)
    }
}
