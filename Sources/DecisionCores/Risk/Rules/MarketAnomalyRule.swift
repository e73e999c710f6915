import CoreModels

/// Layer 2, for one symbol: a spread far above its median, or prices that jump.
enum MarketAnomalyRule: RiskRule {
    static let layer = 2
    static let name = "market_anomaly"

    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding {
        if let spread = judgeSpread(core.board.markets[proposal.number].spread, core.limits) {
            return spread
        }
        return judgeVolatility(proposal.number, in: core)
    }

    /// Nil when the spread is in order or cannot be judged yet.
    private static func judgeSpread(_ spreads: SpreadWindow, _ limits: RiskLimits) -> Finding? {
        guard let current = spreads.current, let median = spreads.median,
            let limit = max(median, SpreadWindow.medianFloor)
                .scaled(by: limits.maxSpreadMultiplier, .towardZero),
            current > limit
        else { return nil }
        return Finding(
            value: .number(current), limit: .number(limit), ruling: .reject(.circuitBreaker))
    }

    private static func judgeVolatility(_ number: Int, in core: RiskCore) -> Finding {
        let limit = core.limits.maxVolatility5mPct
        guard let high = core.board.markets[number].range.highest,
            let low = core.board.markets[number].range.lowest
        else { return Finding(value: .null, limit: .number(limit)) }
        let allowed = low.scaled(by: limit, .towardZero) ?? .zero
        return Finding(
            value: .number((high - low).ratio(to: low, .towardZero)), limit: .number(limit),
            ruling: high - low > allowed ? .reject(.circuitBreaker) : .pass)
    }
}
