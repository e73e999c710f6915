import DecisionCores
import ServiceKit
import Services

/// What the cores of `cdb trace` are told: defaults, and what `--set` says.
struct CoreSettings {
    let signal: SignalSettings
    let risk: RiskLimits
    let paper: PaperSettings
    let screener: ScreenerSettings
    /// What was out of range and is replaced.
    let warnings: [String]

    /// - Throws: `CommandFailure.wrongUse` with everything that is wrong.
    init(overrides: [String: String]) throws(CommandFailure) {
        let configuration = Configuration(overrides: overrides)
        guard configuration.problems.isEmpty else {
            throw .wrongUse(configuration.problems.joined(separator: "; "))
        }
        signal = configuration.signalSettings
        risk = configuration.riskLimits()
        paper = configuration.paperSettings()
        screener = configuration.screenerSettings
        warnings = configuration.warnings
    }
}
