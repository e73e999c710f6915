import CoreModels

/// Layer 3, for one symbol: no tradable quote, or one too old. Value and limit in seconds.
enum DataSilenceRule: RiskRule {
    static let layer = 3
    static let name = "data_silence"

    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding {
        var finding = Finding(value: .null, limit: .integer(core.limits.dataStaleTimeoutSec))
        guard let receipt = core.board.tradableQuote(proposal.number)?.receipt else {
            finding.ruling = .reject(.dataStale)
            return finding
        }
        let age = proposal.now.since(receipt)
        finding.value = .decimal(Int128(age) * FixedArithmetic.one / 1000)
        if age > core.limits.staleAfter { finding.ruling = .reject(.dataStale) }
        return finding
    }
}
