import CoreModels

/// Layer 4: everything held and opening, with this order, stays below its share of the day's start.
enum ExposureRule: RiskRule {
    static let layer = 4
    static let name = "exposure"

    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding {
        let limit = core.limits.share(core.limits.maxExposurePct, of: core.day.startEquity)
        let future = core.exposure + proposal.notional
        return Finding(
            value: .number(future), limit: .number(limit),
            ruling: future >= limit ? .reject(.riskLimit) : .pass)
    }
}
