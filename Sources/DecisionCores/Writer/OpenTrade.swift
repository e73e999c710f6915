import CoreModels

/// An open position of one symbol with the round trip it belongs to. Money is exact: what is taken
/// from the cost by exits adds up to what entries put in.
struct OpenTrade: Equatable, Sendable {
    var number: Int64
    var signalID: String?
    var symbol: Symbol
    var side: Side
    var entryOrderID: String
    var stopLossPct: Ratio?
    var openedAt: Timestamp
    var lastFillAt: Timestamp
    var lastFillPrice: Price
    /// What is held now, above zero, and what it cost.
    var held = Quantity.zero
    var cost = Money.zero
    /// Everything that was entered.
    var entered = Quantity.zero
    var enteredFor = Money.zero
    /// Everything that was given back.
    var left = Quantity.zero
    var leftFor = Money.zero
    /// Realised before fees.
    var realized = Money.zero
    var fees = Money.zero

    /// A part of a fill: quantity, its notional and its fee.
    struct Part {
        var quantity: Quantity
        var notional: Money
        var fee: Money
    }

    /// False when a number does not fit; then nothing changed.
    mutating func enter(_ part: Part) -> Bool {
        guard let held = held.adding(part.quantity), let cost = cost.adding(part.notional),
            let entered = entered.adding(part.quantity),
            let enteredFor = enteredFor.adding(part.notional), let fees = fees.adding(part.fee)
        else { return false }
        (self.held, self.cost, self.fees) = (held, cost, fees)
        (self.entered, self.enteredFor) = (entered, enteredFor)
        return true
    }

    /// Gives back at most what is held. False when a number does not fit; then nothing changed.
    mutating func leave(_ part: Part) -> Bool {
        let share =
            part.quantity == held
            ? cost
            : FixedArithmetic.multiplyThenDivide(
                cost.raw, part.quantity.raw, by: held.raw, .nearest
            ).map(Money.init(raw:))
        guard let share, let leftFor = leftFor.adding(part.notional),
            let gain = side == .buy ? part.notional.adding(-share) : share.adding(-part.notional),
            let realized = realized.adding(gain), let fees = fees.adding(part.fee)
        else { return false }
        held -= part.quantity
        cost -= share
        left += part.quantity
        (self.leftFor, self.realized, self.fees) = (leftFor, realized, fees)
        return true
    }

    func trade(closedBy orderID: String? = nil) -> TradeRow {
        let pnl = realized.adding(-fees) ?? realized
        let percent = FixedArithmetic.multiplyThenDivide(
            pnl.raw, 100 * FixedArithmetic.one, by: enteredFor.raw, .nearest)
        return TradeRow(
            id: "trades-\(number)", signalID: signalID, symbol: symbol, side: side,
            quantity: entered,
            entryPrice: enteredFor.divided(by: entered, .nearest) ?? lastFillPrice,
            exitPrice: left.isPositive ? leftFor.divided(by: left, .nearest) : nil,
            pnl: pnl, pnlPct: Ratio(raw: percent ?? 0), fees: fees, entryOrderID: entryOrderID,
            exitOrderID: orderID, openedAt: openedAt,
            closedAt: held.isPositive ? nil : lastFillAt)
    }

    /// - Parameter mark: the symbol's last price in the latest account event; one that is older
    ///   than the last fill does not count.
    func position(mark: Mark?) -> PositionRow {
        let entry = cost.divided(by: held, .nearest) ?? lastFillPrice
        let mark = mark.flatMap { $0.time >= lastFillAt ? $0 : nil }
        let price = mark?.price ?? lastFillPrice
        let worth = price.times(held, .nearest) ?? cost
        let change = worth.adding(-cost) ?? .zero
        return PositionRow(
            symbol: symbol, isLong: side == .buy, quantity: held, entryPrice: entry,
            currentPrice: price, unrealized: side == .buy ? change : -change,
            stopLossPrice: stopLossPrice(entry), openedAt: openedAt,
            updatedAt: mark?.time ?? lastFillAt)
    }

    /// Where the loss against the average entry reaches the order's share (docs/RISK.md).
    private func stopLossPrice(_ entry: Price) -> Price? {
        guard let distance = stopLossPct.flatMap({ entry.scaled(by: $0, .nearest) }) else {
            return nil
        }
        return side == .buy ? entry - distance : entry.adding(distance)
    }

    /// A last price and when it was told.
    struct Mark: Equatable, Sendable {
        var price: Price
        var time: Timestamp
    }
}
