/// `stack.env`: what scripts and the other commands need to reach a stack, as `KEY=value` lines
/// that a shell can read.
struct StackEnvironment: Equatable {
    private(set) var pairs: [(name: String, value: String)] = []

    subscript(name: String) -> String? {
        get { pairs.first { $0.name == name }?.value }
        set {
            let index = pairs.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): pairs[index].value = value
            case (let index?, nil): pairs.remove(at: index)
            case (nil, let value?): pairs.append((name, value))
            case (nil, nil): break
            }
        }
    }

    var dictionary: [String: String] {
        Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    static func == (left: Self, right: Self) -> Bool {
        left.pairs.elementsEqual(right.pairs, by: ==)
    }
}

extension StackEnvironment {
    /// Reads what `text` writes; lines that are no assignment (comments, blanks) are passed over.
    init(text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { continue }
            self[String(parts[0])] = Self.unquoted(parts[1])
        }
    }

    var text: String {
        pairs.map { "\($0.name)=\(Self.quoted($0.value))\n" }.joined()
    }

    /// In single quotes when a shell would make something else of it.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "_./:@%+,-".utf8.contains(byte)
            }
        }
        return isPlain
            ? value
            : "'"
                + value.split(
                    separator: "'", omittingEmptySubsequences: false
                ).joined(separator: #"'\''"#) + "'"
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") else { return String(text) }
        var value = ""
        var rest = text.dropFirst().dropLast()
        while !rest.isEmpty {
            if rest.hasPrefix(#"'\''"#) {
                value.append("'")
                rest = rest.dropFirst(4)
            } else {
                value.append(rest.removeFirst())
            }
        }
        return value
    }
}
