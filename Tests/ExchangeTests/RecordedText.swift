/// JSON read in another way than the project's: a tree that keeps every number as it was written.
indirect enum RecordedText: Equatable {
    case object([(name: String, value: RecordedText)])
    case array([RecordedText])
    case text(String)
    /// A number, `true`, `false` or `null`.
    case word(String)

    static func == (left: Self, right: Self) -> Bool { left.json == right.json }

    init(_ text: String) {
        var rest = Array(text)[...]
        self = Self.value(&rest)
    }

    private static func value(_ rest: inout ArraySlice<Character>) -> RecordedText {
        func skip() { while let next = rest.first, next.isWhitespace { rest.removeFirst() } }
        skip()
        switch rest.first {
        case "{":
            rest.removeFirst()
            var members: [(name: String, value: RecordedText)] = []
            skip()
            while rest.first != "}", !rest.isEmpty {
                skip()
                let name = quoted(&rest)
                skip()
                rest.removeFirst()
                members.append((name, value(&rest)))
                skip()
                if rest.first == "," { rest.removeFirst() }
            }
            _ = rest.popFirst()
            return .object(members)
        case "[":
            rest.removeFirst()
            var elements: [RecordedText] = []
            skip()
            while rest.first != "]", !rest.isEmpty {
                elements.append(value(&rest))
                skip()
                if rest.first == "," { rest.removeFirst() }
                skip()
            }
            _ = rest.popFirst()
            return .array(elements)
        case "\"": return .text(quoted(&rest))
        default:
            var word = ""
            while let next = rest.first, !",]}".contains(next), !next.isWhitespace {
                word.append(rest.removeFirst())
            }
            return .word(word)
        }
    }

    /// Escapes stay as they are.
    private static func quoted(_ rest: inout ArraySlice<Character>) -> String {
        rest.removeFirst()
        var text = ""
        while let next = rest.popFirst(), next != "\"" {
            text.append(next)
            if next == "\\", let escaped = rest.popFirst() { text.append(escaped) }
        }
        return text
    }

    subscript(name: String) -> RecordedText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var elements: [RecordedText] { if case .array(let elements) = self { elements } else { [] } }

    var string: String {
        switch self {
        case .text(let text): text
        case .word(let word): word
        case .object, .array: json
        }
    }

    /// The same document again, digit for digit.
    var json: String {
        switch self {
        case .object(let members):
            "{" + members.map { "\"\($0.name)\":\($0.value.json)" }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .text(let text): "\"\(text)\""
        case .word(let word): word
        }
    }

    /// The digits of a number without exponent and without zeros that say nothing: `75480` of
    /// `7.548E+4`. Nil when absent or null.
    static func digits(_ value: RecordedText?) -> String? {
        guard let value, value != .word("null") else { return nil }
        return digits(of: value.string)
    }

    static func digits(of number: String) -> String {
        let parts = number.uppercased().split(separator: "E")
        let isNegative = parts[0].first == "-"
        let mantissa = parts[0].drop { $0 == "-" }.split(
            separator: ".", omittingEmptySubsequences: false)
        var whole = Array(mantissa[0])
        var fraction = mantissa.count > 1 ? Array(mantissa[1]) : []
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        while exponent > 0 {
            whole.append(fraction.isEmpty ? "0" : fraction.removeFirst())
            exponent -= 1
        }
        while exponent < 0 {
            fraction.insert(whole.popLast() ?? "0", at: 0)
            exponent += 1
        }
        while fraction.last == "0" { fraction.removeLast() }
        while whole.first == "0" { whole.removeFirst() }
        let text =
            (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : "." + String(fraction))
        return isNegative && text != "0" ? "-" + text : text
    }
}
