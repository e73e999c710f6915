public import CoreModels

extension RiskCore {
    /// cash + Σ quantity × last price.
    public var equity: Money { portfolio.equity }

    public var dailyPnL: Money { equity - day.startEquity }

    /// Positions at their last prices and what is opening in flight.
    public var exposure: Money { portfolio.gross + inFlight.opening }

    /// Reference notional of every order whose result has not come.
    public var inFlightNotional: Money { inFlight.total }

    /// Orders whose result has not come.
    public var ordersInFlight: Int { inFlight.count }

    /// Percent of the day's start equity lost, never negative: 5.0 = 5 %.
    public var drawdownPct: Ratio {
        dailyPnL.isNegative ? percent(-dailyPnL, of: day.startEquity) : .zero
    }

    /// Percent of the day's start equity.
    public var exposurePct: Ratio { percent(exposure, of: day.startEquity) }

    /// A position's value in percent of the day's start equity.
    public func exposurePct(of position: Position) -> Ratio {
        percent(position.gross, of: day.startEquity)
    }

    /// When the latest market_data of any symbol came; before the first one, when this engine began.
    public var silentSince: Timestamp? { lastReceipt ?? day.firstInput }

    var cashAvailable: Money { portfolio.cash - inFlight.cash - portfolio.shortProceeds }

    /// Symbols held or opening, in flight or with this one.
    func openPositions(with symbol: Symbol) -> Int {
        let opening = inFlight.openingSymbols
        let isNew = portfolio.position(symbol) == nil && !opening.contains(symbol)
        return portfolio.positions.count + opening.count { portfolio.position($0) == nil }
            + (isNew ? 1 : 0)
    }

    /// The part of a position no exit in flight covers, in 8 decimals.
    func uncovered(_ position: Position) -> Quantity {
        let rest = position.quantity.magnitude - inFlight.exitQuantity(position.symbol)
        return rest.isPositive ? rest.rounded(toDecimals: 8, .towardZero) : .zero
    }

    private func percent(_ part: Money, of whole: Money) -> Ratio {
        FixedArithmetic.multiplyThenDivide(
            part.raw, 100 * FixedArithmetic.one, by: whole.raw, .nearest
        ).map(Ratio.init(raw:)) ?? .zero
    }
}
