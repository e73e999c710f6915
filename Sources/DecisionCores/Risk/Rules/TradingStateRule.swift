import CoreModels

/// Layer 0: nothing opens unless the state is `ACTIVE`.
enum TradingStateRule: RiskRule {
    static let layer = 0
    static let name = "trading_state"

    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding {
        var finding = Finding(
            value: .text(core.trading.reason ?? TradingState.Name.active.rawValue),
            limit: .text(TradingState.Name.active.rawValue))
        switch core.trading.name {
        case .active: break
        case .paused: finding.ruling = .reject(.paused)
        case .halted: finding.ruling = .reject(.halted)
        }
        return finding
    }
}
