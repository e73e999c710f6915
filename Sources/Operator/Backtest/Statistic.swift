import CoreModels

/// A statistic as text and value: 4 decimals, the same on every machine.
enum Statistic {
    static func ratio(_ number: Double) -> Ratio {
        guard number.isFinite, number.magnitude < 1e12 else { return .zero }
        return Ratio(raw: Int128((number * 10_000).rounded()) * (FixedArithmetic.one / 10_000))
    }

    static func text(_ number: Double) -> String { ratio(number).description }

    static func value(_ number: Double?) -> Value {
        number.map { .number(ratio($0)) } ?? .null
    }
}
