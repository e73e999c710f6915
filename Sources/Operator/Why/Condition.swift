import CoreModels
import WireFormats

/// Something that had to hold for a trade: what was measured, and what was wanted.
struct Condition {
    /// For machines: `threshold`, `volume`, `cooldown`, or a layer's name in `checks`.
    let name: String
    /// For people.
    let title: String
    /// Of the risk engine; nil for what cdb_core asks.
    var layer: Int?
    let value: Value
    let limit: Value
    let outcome: RiskDecision.Check.Outcome
    /// By how much it failed; nil when that is no number, or it held.
    var missing: Ratio?
    /// Why it failed, where the risk engine has a code for it.
    var code: RefusalReason?

    /// What cdb_core asks.
    ///
    /// - Parameter missing: how much was missing; nothing was when it is not above zero.
    init(_ name: String, _ title: String, value: Value, limit: Value, missing: Ratio) {
        self.name = name
        self.title = title
        self.value = value
        self.limit = limit
        outcome = missing.isPositive ? .reject : .pass
        self.missing = missing.isPositive ? missing : nil
    }

    /// A layer of the risk engine.
    init(_ check: RiskDecision.Check, of decision: RiskDecision) {
        name = check.name
        title = "layer \(check.layer), \(check.name)"
        layer = check.layer
        value = check.value
        limit = check.limit
        outcome = check.result
        guard check.result != .pass else { return }
        code = decision.code
        if let value = check.value.fixed(RatioUnit.self),
            let limit = check.limit.fixed(RatioUnit.self)
        {
            missing = (value - limit).magnitude
        }
    }

    var text: String {
        let ending: String
        switch outcome {
        case .pass: ending = "passed"
        case .trim: ending = "trimmed to what fits"
        case .reject: ending = "FAILED" + distance + (code.map { " (\($0.rawValue))" } ?? "")
        }
        let wanted = limit == .null ? "" : " against \(Self.text(limit))"
        return "\(title): \(Self.text(value))\(wanted), \(ending)"
    }

    /// `, by 0.5`; empty where that is no number.
    var distance: String { missing.map { ", by \(Self.text(.number($0)))" } ?? "" }

    var member: Value {
        .object([
            .init("name", .text(name)), .init("layer", layer.map { .integer(Int64($0)) } ?? .null),
            .init("value", value), .init("limit", limit),
            .init("result", .text(outcome.rawValue)), .init("missing", .number(missing)),
            .init("code", .text(code?.rawValue)),
        ])
    }

    /// As people read it: 8 decimals are enough.
    private static func text(_ value: Value) -> String {
        switch value {
        case .null: "none"
        case .text(let text): text
        case .decimal(let raw): Ratio(raw: raw).rounded(toDecimals: 8, .nearest).description
        case .flag, .integer, .list, .object:
            String(decoding: JSONWriter.bytes(value), as: UTF8.self)
        }
    }
}
