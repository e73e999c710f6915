import CoreModels

/// An opening order on its way through the layers.
struct Proposal: Sendable {
    let symbol: Symbol
    let number: Int
    let side: Side
    /// The engine's own; nil without a tradable quote.
    let price: Price?
    let now: Timestamp
    var quantity: Quantity = .zero
    /// Price × quantity, rounded up.
    var notional: Money = .zero
}

/// One layer of docs/RISK.md, for opening orders. Pure: it looks and says.
protocol RiskRule: Sendable {
    static var layer: Int { get }
    static var name: String { get }
    static func judge(_ proposal: Proposal, in core: RiskCore) -> Finding
}

/// What a layer measured, and what follows.
struct Finding: Sendable {
    enum Ruling: Equatable, Sendable {
        case pass
        case trim(Quantity)
        case reject(RefusalReason)

        var outcome: RiskDecision.Check.Outcome {
            switch self {
            case .pass: .pass
            case .trim: .trim
            case .reject: .reject
            }
        }
    }

    var value: Value
    var limit: Value
    var ruling: Ruling = .pass
}

extension RiskRule {
    static func check(_ finding: Finding) -> RiskDecision.Check {
        RiskDecision.Check(
            layer: layer, name: name, value: finding.value, limit: finding.limit,
            result: finding.ruling.outcome)
    }
}

/// The layers in their order; sizing happens before the fifth (layer 4).
enum RiskRules {
    static let beforeSizing: [any RiskRule.Type] = [
        TradingStateRule.self, DrawdownRule.self, MarketAnomalyRule.self, DataSilenceRule.self,
    ]
    static let afterSizing: [any RiskRule.Type] = [
        ExposureRule.self, PositionSizeRule.self, OrderSanityRule.self,
    ]

    /// Protection must always get out: a reduce-only order passes every layer.
    static let reduceOnlyChecks = (beforeSizing + afterSizing).map {
        $0.check(Finding(value: .text("reduce_only"), limit: .null))
    }
}
