import CoreModels

/// What one run decided at a moment and the other did not, or not so.
struct ChangedDecision {
    /// Nil where that run decided nothing.
    let configured: RiskDecision?
    let changed: RiskDecision?

    /// The decisions of one moment that differ; those of one symbol and side belong together.
    static func all(_ left: [Event], _ right: [Event]) -> [ChangedDecision] {
        var rest = decisions(right)
        var changes: [ChangedDecision] = []
        for decision in decisions(left) {
            let place = rest.firstIndex {
                $0.symbol == decision.symbol && $0.side == decision.side
                    && ($0.signalID == nil) == (decision.signalID == nil)
            }
            let other = place.map { rest.remove(at: $0) }
            if let other, isEqual(decision, other) { continue }
            changes.append(ChangedDecision(configured: decision, changed: other))
        }
        return changes + rest.map { ChangedDecision(configured: nil, changed: $0) }
    }

    private static func decisions(_ events: [Event]) -> [RiskDecision] {
        events.compactMap { if case .riskDecision(let decision) = $0 { decision } else { nil } }
    }

    private static func isEqual(_ left: RiskDecision, _ right: RiskDecision) -> Bool {
        left.verdict == right.verdict && left.layer == right.layer && left.code == right.code
            && (left.verdict == .rejected || left.quantity == right.quantity)
    }

    var text: String {
        guard let either = configured ?? changed else { return "" }
        return "\(either.timestamp.text) \(either.symbol) \(either.side.rawValue): "
            + "\(Self.text(configured)) → \(Self.text(changed))"
    }

    private static func text(_ decision: RiskDecision?) -> String {
        guard let decision else { return "nothing" }
        let kind = decision.signalID == nil ? " (protection)" : ""
        switch decision.verdict {
        case .approved, .trimmed:
            return "\(decision.verdict.rawValue) \(decision.quantity)\(kind)"
        case .rejected:
            let layer = decision.layer.map { " layer \($0)" } ?? ""
            return "REJECTED\(layer) \(decision.code.rawValue)"
        }
    }

    var value: Value {
        let either = configured ?? changed
        return .object([
            .init("timestamp", either.map { .time($0.timestamp) } ?? .null),
            .init("symbol", either.map { .symbol($0.symbol) } ?? .null),
            .init("side", .text(either?.side.rawValue)),
            .init("configured", Self.value(configured)), .init("changed", Self.value(changed)),
        ])
    }

    private static func value(_ decision: RiskDecision?) -> Value {
        guard let decision else { return .null }
        return .object([
            .init("verdict", .text(decision.verdict.rawValue)),
            .init("layer", decision.layer.map { .integer(Int64($0)) } ?? .null),
            .init("code", .text(decision.code.rawValue)),
            .init("quantity", .number(decision.quantity)),
            .init("notional", .number(decision.notional)),
            .init("protection", .flag(decision.signalID == nil)),
        ])
    }
}
