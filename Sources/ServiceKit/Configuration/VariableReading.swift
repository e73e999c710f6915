import CoreModels

/// What the text of one variable comes to.
enum VariableReading: Equatable {
    enum Content: Equatable, Sendable {
        case number(Ratio)
        case text(String)
        case flag(Bool)
        case list([String])
    }

    case value(Content)
    /// Out of range: what is used instead, and the sentence that says so.
    case replaced(Content, warning: String)
    /// The service must not start.
    case problem(String)

    init(_ text: String, of variable: Variable) {
        switch variable.kind {
        case .integer: self = Self.number(text, of: variable, isWhole: true)
        case .decimal: self = Self.number(text, of: variable, isWhole: false)
        case .text, .secret: self = .value(.text(text))
        case .flag: self = Self.flag(text, of: variable)
        case .list:
            let words = text.split(separator: ",").map { Self.trimmed(String($0)) }
            self = .value(.list(words.filter { !$0.isEmpty }))
        case .choice(let choices):
            if let choice = choices.first(where: { $0.lowercased() == text.lowercased() }) {
                self = .value(.text(choice))
            } else {
                self = .problem("\(variable.name)=\(text) is none of: \(variable.rangeText)")
            }
        }
    }

    /// Without blanks and line ends around it.
    static func trimmed(_ text: String) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return String(decoding: Array(bytes), as: UTF8.self)
    }

    private static func flag(_ text: String, of variable: Variable) -> VariableReading {
        switch text.lowercased() {
        case "true", "1", "yes", "on": .value(.flag(true))
        case "false", "0", "no", "off": .value(.flag(false))
        default: .problem("\(variable.name)=\(text) is neither true nor false")
        }
    }

    private static func number(
        _ text: String, of variable: Variable, isWhole: Bool
    ) -> VariableReading {
        guard let number = Ratio(text) else {
            return .problem("\(variable.name)=\(text) is not a number")
        }
        if isWhole, number.raw % FixedArithmetic.one != 0 {
            return .problem("\(variable.name)=\(text) is not a whole number")
        }
        guard let minimum = variable.minimum, let maximum = variable.maximum,
            number < minimum || number > maximum
        else { return .value(.number(number)) }
        return replacement(for: number, text, of: variable, minimum, maximum)
    }

    /// The rules of CONFIG.md: a risk limit is never loosened beyond what was asked for.
    private static func replacement(
        for number: Ratio, _ text: String, of variable: Variable, _ minimum: Ratio, _ maximum: Ratio
    ) -> VariableReading {
        let used: Ratio
        let words: String
        switch variable.strictness {
        case .low where number < minimum: (used, words) = (minimum, "the minimum")
        case .high where number > maximum: (used, words) = (maximum, "the maximum")
        case .none, .low, .high:
            guard let standard = variable.defaultText.flatMap({ Ratio($0) }) else {
                return .problem("\(variable.name)=\(text) is outside \(variable.rangeText)")
            }
            (used, words) = (standard, "the default")
        }
        var warning =
            "\(variable.name)=\(text) is outside \(variable.rangeText): "
            + "using \(words) \(Variable.text(used))"
        if variable.unit == "fraction", number > Ratio(1) {
            warning += "; did you mean \(Variable.text(Ratio(raw: number.raw / 100)))?"
        }
        return .replaced(.number(used), warning: warning)
    }
}
