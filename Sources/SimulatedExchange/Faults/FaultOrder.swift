import CoreModels
import WireFormats

/// One fault as it was asked for: `{"fault":"slow_pong","for_ms":5000,"value":8000}`.
public struct FaultOrder: Equatable, Sendable {
    /// Why an order cannot be carried out, in words for whoever gave it.
    public struct Refusal: Error, Equatable, CustomStringConvertible, Sendable {
        public let description: String
    }

    /// The contract that never was.
    private static let unheardOf = "GHOST_USDT"

    public var fault: Fault
    /// Milliseconds of wall time; zero: it happens once.
    public var duration: Int64
    public var value: Int64
    /// The contract that it is about; empty: all, or for `unknown_contract` one that never was.
    public var symbol: String
    /// When to begin, in milliseconds of wall time since the exchange opened; 0 for now.
    public var start: Int64

    public init(
        _ fault: Fault, duration: Int64? = nil, value: Int64? = nil, symbol: String = "",
        start: Int64 = 0
    ) {
        self.fault = fault
        self.duration = duration ?? fault.usualDuration
        self.value = value ?? fault.usualValue
        self.symbol =
            symbol.isEmpty && fault == .unknownContract ? Self.unheardOf : symbol
        self.start = start
    }

    /// Reads one from JSON: `fault`, and where wanted `for_ms`, `value`, `symbol`, `at_ms`.
    public init(json bytes: [UInt8]) throws(Refusal) {
        let document: Value
        do throws(JSONError) {
            document = try JSONDocument.parse(bytes)
        } catch {
            throw Refusal(description: "a fault is a JSON object: \(error)")
        }
        guard let name = document["fault"].text, let fault = Fault(rawValue: name) else {
            let names = Fault.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(description: "\"fault\" has to be one of \(names)")
        }
        for member in document.members ?? []
        where !["fault", "for_ms", "value", "symbol", "at_ms"].contains(member.name) {
            throw Refusal(description: "a fault has no member \"\(member.name)\"")
        }
        self.init(
            fault, duration: try Self.count(document, "for_ms"),
            value: try Self.count(document, "value", least: -86_400_000),
            symbol: document["symbol"].text ?? "", start: try Self.count(document, "at_ms") ?? 0)
    }

    private static func count(
        _ document: Value, _ name: String, least: Int64 = 0
    ) throws(Refusal) -> Int64? {
        if document[name] == .null { return nil }
        guard let count = document[name].integer, (least...86_400_000).contains(count) else {
            throw Refusal(description: "\"\(name)\" has to be a whole number, \(least)…86400000")
        }
        return count
    }
}
