public import CoreModels

/// Prices market orders against a quote, always to the trader's disadvantage: it flatters nobody.
///
/// BUY at the ask, SELL at the bid; without a book at the last price ± half the spread. Then
/// slippage, plus impact: for every per cent of the window's turnover that the notional has beyond
/// the first, one basis point on the whole order, in proportion. No more than 10 % of the turnover
/// is filled. Prices round against the trader, fees up, at 18 decimals.
public struct PaperExchange: Sendable {
    /// 100 % in basis points.
    private static let whole = Ratio(10_000)
    private static let freeSharePct = Ratio(1)
    private static let largestShareBps = Ratio(1_000)
    /// A quantity cut to the turnover is floored to these decimals.
    private static let quantityDecimals = 8

    private let settings: PaperSettings

    public init(settings: PaperSettings) { self.settings = settings }

    /// Fills as much of `quantity` (above zero) as the turnover carries.
    public func fill(
        _ side: Side, _ quantity: Quantity, against quote: PaperQuote
    ) throws(ExecutionRefusal) -> PaperFill {
        let quotePrice = try quotePrice(side, quote)
        let fillable = try fillable(quantity, at: quotePrice, turnover: quote.volume)
        let impact = try impactBps(of: fillable, at: quotePrice, turnover: quote.volume)
        guard let slip = settings.slippageBps.adding(impact) else { throw .overflow }
        let price = try worsened(quotePrice, side, byBps: slip)
        let distance = side == .buy ? price - quotePrice : quotePrice - price
        guard
            let measured = FixedArithmetic.multiplyThenDivide(
                distance.raw, Self.whole.raw, by: quotePrice.raw, .nearest),
            let slippage = Ratio(raw: measured).roundedIfFits(toDecimals: 4, .nearest),
            price.times(fillable, .awayFromZero) != nil
        else { throw .overflow }
        return PaperFill(
            quantity: fillable, price: price, quotePrice: quotePrice, slippageBps: slippage,
            fee: try fee(fillable, at: price))
    }

    /// What a market order of this side meets before slippage.
    public func quotePrice(
        _ side: Side, _ quote: PaperQuote
    ) throws(ExecutionRefusal) -> Price {
        if let book = quote.book { return side == .buy ? book.ask : book.bid }
        let half = Ratio(raw: FixedArithmetic.divide(settings.spreadBps.raw, by: 2, .awayFromZero))
        return try worsened(quote.price, side, byBps: half)
    }

    /// A BUY pays more, a SELL gets less.
    private func worsened(
        _ price: Price, _ side: Side, byBps bps: Ratio
    ) throws(ExecutionRefusal) -> Price {
        let factor = side == .buy ? Self.whole + bps : Self.whole - bps
        let rounding: Rounding = side == .buy ? .awayFromZero : .towardZero
        guard
            let raw = FixedArithmetic.multiplyThenDivide(
                price.raw, factor.raw, by: Self.whole.raw, rounding)
        else { throw .overflow }
        // Nothing is sold for nothing: a price below the last decimal, or slippage of 100 %.
        guard raw > 0 else { throw .noLiquidity }
        return Price(raw: raw)
    }

    private func fillable(
        _ quantity: Quantity, at price: Price, turnover: Money
    ) throws(ExecutionRefusal) -> Quantity {
        guard let notional = price.times(quantity, .awayFromZero),
            let limit = share(Self.largestShareBps, of: turnover)
        else { throw .overflow }
        if notional <= limit { return quantity }
        guard let cut = limit.divided(by: price, .towardZero) else { throw .overflow }
        let floored = cut.rounded(toDecimals: Self.quantityDecimals, .towardZero)
        guard floored.isPositive else { throw .noLiquidity }
        return min(floored, quantity)
    }

    private func share(_ bps: Ratio, of money: Money) -> Money? {
        FixedArithmetic.multiplyThenDivide(money.raw, bps.raw, by: Self.whole.raw, .towardZero)
            .map(Money.init(raw:))
    }

    private func impactBps(
        of quantity: Quantity, at price: Price, turnover: Money
    ) throws(ExecutionRefusal) -> Ratio {
        guard let notional = price.times(quantity, .awayFromZero),
            let sharePct = FixedArithmetic.multiplyThenDivide(
                notional.raw, Ratio(100).raw, by: turnover.raw, .awayFromZero)
        else { throw .overflow }
        return max(.zero, Ratio(raw: sharePct) - Self.freeSharePct)
    }

    private func fee(_ quantity: Quantity, at price: Price) throws(ExecutionRefusal) -> Money {
        // Quantity first: with 8 decimals its share is exact, and only the product is rounded.
        guard
            let share = FixedArithmetic.multiplyThenDivide(
                quantity.raw, settings.feeBps.raw, by: Self.whole.raw, .awayFromZero),
            let fee = price.times(Quantity(raw: share), .awayFromZero)
        else { throw .overflow }
        return fee
    }
}
