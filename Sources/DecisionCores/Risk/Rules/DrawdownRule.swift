import CoreModels

/// Layer 1: the day's loss. The breach itself is acted upon as soon as it happens
/// (`RiskCore.checkDrawdown`), so that this layer is the second lock on the same door.
enum DrawdownRule: RiskRule {
    static let layer = 1
    static let name = "daily_drawdown"

    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding {
        let limit = -core.day.lossLimit
        return Finding(
            value: .number(core.dailyPnL), limit: .number(limit),
            ruling: core.dailyPnL <= limit ? .reject(.riskLimit) : .pass)
    }
}
