import CoreModels

/// Which keys of the state changed since they were last taken, beside quotes and windows.
struct RiskChanges: Sendable {
    struct Parts: OptionSet {
        let rawValue: UInt8

        static let account = Parts(rawValue: 1)
        static let day = Parts(rawValue: 2)
        static let trading = Parts(rawValue: 4)
        static let numbers = Parts(rawValue: 8)
        static let counters = Parts(rawValue: 16)
        static let backlog = Parts(rawValue: 32)
    }

    private static let names: [(part: Parts, key: String)] = [
        (.account, "account"), (.day, "day"), (.trading, "trading"), (.numbers, "numbers"),
        (.counters, "counters"), (.backlog, "backlog"),
    ]

    private var parts: Parts = []
    private var others: Set<String> = []

    mutating func mark(_ part: Parts) { parts.formUnion(part) }
    mutating func mark(position symbol: Symbol) { others.insert("position:\(symbol)") }
    mutating func mark(watchOf symbol: Symbol) { others.insert("symbol:\(symbol)") }
    mutating func mark(inFlight order: InFlightOrder) { others.insert("inflight:\(order.id)") }

    /// The keys, in no order; then none.
    mutating func take() -> [String] {
        let keys = Self.names.filter { parts.contains($0.part) }.map(\.key) + others
        parts = []
        others = []
        return keys
    }
}
