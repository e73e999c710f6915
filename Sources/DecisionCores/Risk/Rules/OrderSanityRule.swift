import CoreModels

/// Layer 6: whether the order makes sense at all, in the order docs/RISK.md names the reasons.
enum OrderSanityRule: RiskRule {
    static let layer = 6
    static let name = "order_sanity"

    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding {
        let limits = core.limits
        if proposal.side == .sell, !limits.allowShort,
            core.portfolio.position(proposal.symbol) == nil
        {
            return Finding(value: .integer(0), limit: .null, ruling: .reject(.noPosition))
        }
        if proposal.side == .buy {
            let needed = limits.cashNeeded(proposal.notional)
            let available = core.cashAvailable
            if needed.map({ $0 > available }) ?? true {
                return Finding(
                    value: .number(needed), limit: .number(available),
                    ruling: .reject(.insufficientFunds))
            }
        }
        let sized = Finding(
            value: .number(proposal.notional), limit: .number(limits.minOrderUSDT))
        if proposal.notional < limits.minOrderUSDT { return refuse(sized, .minNotional) }
        let open = core.openPositions(with: proposal.symbol)
        // One that adds to what is held opens nothing.
        let opens = core.portfolio.position(proposal.symbol) == nil
        if opens, open > limits.maxOpenPositions {
            return Finding(
                value: .integer(Int64(open)), limit: .integer(Int64(limits.maxOpenPositions)),
                ruling: .reject(.maxOpenPositions))
        }
        if core.backlog > limits.backpressureMaxLag {
            return Finding(
                value: .integer(Int64(core.backlog)),
                limit: .integer(Int64(limits.backpressureMaxLag)), ruling: .reject(.backpressure))
        }
        return sized
    }

    private static func refuse(_ finding: Finding, _ code: RefusalReason) -> Finding {
        Finding(value: finding.value, limit: finding.limit, ruling: .reject(code))
    }
}
