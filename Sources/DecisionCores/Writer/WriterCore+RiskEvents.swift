import CoreModels

extension WriterCore {
    /// Only what stopped or shrank an order is a risk event.
    static func rows(of decision: RiskDecision) -> [RowChange] {
        guard decision.verdict != .approved else { return [] }
        return [
            .riskEvent(
                RiskEventRow(
                    id: decision.envelope.id, severity: severity(layer: decision.layer),
                    code: decision.code.rawValue, layer: decision.layer, symbol: decision.symbol,
                    signalID: decision.signalID, blockedOrder: decision.verdict == .rejected,
                    description: description(of: decision), checks: checks(of: decision),
                    timestamp: decision.timestamp))
        ]
    }

    /// An alert of cdb_risk is a risk event too.
    static func rows(of alert: Alert) -> [RowChange] {
        guard alert.source == .risk else { return [.alert(alert)] }
        return [
            .alert(alert),
            .riskEvent(
                RiskEventRow(
                    id: alert.envelope.id, severity: alert.level, code: alert.code,
                    layer: alert.context["layer"].integer.flatMap(Int.init(exactly:)),
                    symbol: alert.context["symbol"].symbol, signalID: alert.envelope.trace,
                    blockedOrder: false, description: alert.message, checks: .list([]),
                    timestamp: alert.timestamp)),
        ]
    }

    /// The level column of the layers' table in docs/RISK.md; layers without one count as INFO.
    private static func severity(layer: Int?) -> Alert.Level {
        switch layer {
        case 1: .critical
        case 2, 3, 5: .warning
        default: .info
        }
    }

    private static func description(of decision: RiskDecision) -> String {
        let verdict = decision.verdict == .trimmed ? "trimmed" : "rejected"
        let subject = "\(decision.side.rawValue) \(decision.symbol) \(verdict)"
        guard let check = decision.checks.last(where: { $0.result != .pass }) else {
            return "\(subject): \(decision.code.rawValue)"
        }
        return "\(subject) by layer \(check.layer) (\(check.name)): \(decision.code.rawValue)"
    }

    private static func checks(of decision: RiskDecision) -> Value {
        .list(
            decision.checks.map { check in
                .object([
                    Value.Member("layer", .integer(Int64(check.layer))),
                    Value.Member("name", .text(check.name)), Value.Member("value", check.value),
                    Value.Member("limit", check.limit),
                    Value.Member("result", .text(check.result.rawValue)),
                ])
            })
    }
}
