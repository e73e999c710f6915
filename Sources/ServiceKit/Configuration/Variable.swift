public import CoreModels

/// One environment variable: what it may hold and who reads it.
public struct Variable: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case integer
        case decimal
        case text
        /// `true`, `false`, and what people write for them.
        case flag
        /// Text that is never shown; `NAME_FILE` may name a file that holds it.
        case secret
        /// Words separated by commas.
        case list
        case choice([String])
    }

    /// On which side of its range a risk limit is strict (CONFIG.md, out of range).
    public enum Strictness: Equatable, Sendable {
        case none
        /// Low is careful: below the range the minimum holds, above it the default.
        case low
        /// High is careful: above the range the maximum holds, below it the default.
        case high
    }

    public let name: String
    public let kind: Kind
    /// Nil: none, the variable may stay unset.
    public let defaultText: String?
    public let minimum: Ratio?
    public let maximum: Ratio?
    /// `s`, `ms`, `USDT`, `fraction` (0.05 = 5 %), `percent`, `bp`, …; empty for what has none.
    public let unit: String
    /// The services that read it; `cdb` reads all, `compose` is docker-compose.yml.
    public let readers: [String]
    public let strictness: Strictness
    /// The readers do not start without it.
    public let isMandatory: Bool
    public let summary: String

    init(
        _ name: String, _ kind: Kind, _ defaultText: String? = nil, from minimum: String? = nil,
        to maximum: String? = nil, unit: String = "", strict: Strictness = .none,
        isMandatory: Bool = false, readers: [String], _ summary: String
    ) {
        self.name = name
        self.kind = kind
        self.defaultText = defaultText
        self.minimum = minimum.map(Self.number)
        self.maximum = maximum.map(Self.number)
        self.unit = unit
        self.readers = readers
        strictness = strict
        self.isMandatory = isMandatory
        self.summary = summary
    }

    /// `0.01…0.25`, the choices, or empty.
    public var rangeText: String {
        switch kind {
        case .choice(let choices): return choices.joined(separator: ", ")
        case .flag: return "true, false"
        case .integer, .decimal, .text, .secret, .list:
            guard let minimum, let maximum else { return "" }
            return "\(Self.text(minimum))…\(Self.text(maximum))"
        }
    }

    /// `cdb_core, cdb_risk`, or `all`.
    public var readersText: String {
        readers == ConfigurationTable.services ? "all" : readers.joined(separator: ", ")
    }

    /// A number as people write it: without `.0`.
    static func text(_ number: Ratio) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func number(_ text: String) -> Ratio {
        guard let number = Ratio(text) else {
            preconditionFailure("the table of variables holds \(text), which is no number")
        }
        return number
    }
}
