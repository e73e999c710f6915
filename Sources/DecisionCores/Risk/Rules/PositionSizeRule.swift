import CoreModels

/// Layer 5: one position's share. Trims to what fits.
enum PositionSizeRule: RiskRule {
    static let layer = 5
    static let name = "position_size"

    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding {
        let limit = core.limits.share(core.limits.maxPositionPct, of: core.day.startEquity)
        let size = core.portfolio.position(proposal.symbol)?.quantity.magnitude ?? .zero
        guard let price = proposal.price, let value = price.times(size, .awayFromZero),
            value <= PortfolioCore.moneyLimit
        else {
            return Finding(value: .null, limit: .number(limit), ruling: .reject(.positionLimit))
        }
        let held = value + core.inFlight.openingNotional(proposal.symbol)
        var finding = Finding(value: .number(held + proposal.notional), limit: .number(limit))
        if held + proposal.notional > limit {
            finding.ruling = trim(to: limit - held, at: price, core.limits)
        }
        return finding
    }

    private static func trim(
        to room: Money, at price: Price, _ limits: RiskLimits
    ) -> Finding.Ruling {
        guard room.isPositive,
            let quantity = room.divided(by: price, .towardZero)?.rounded(
                toDecimals: 8, .towardZero),
            let notional = price.times(quantity, .awayFromZero), notional >= limits.minOrderUSDT
        else { return .reject(.positionLimit) }
        return .trim(quantity)
    }
}
