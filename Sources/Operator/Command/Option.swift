/// One `--name` a command understands.
struct Option: Equatable {
    enum Kind: Equatable {
        case flag
        /// `--name VALUE`, once.
        case value(String)
        /// `--name VALUE`, as often as wished.
        case repeated(String)
        /// `--name VALUE VALUE …` up to the next option.
        case list(String)
    }

    let name: String
    let kind: Kind
    let help: String
    /// A one-letter form, `-f`.
    let letter: Character?

    init(_ name: String, _ kind: Kind, _ help: String, letter: Character? = nil) {
        self.name = name
        self.kind = kind
        self.help = help
        self.letter = letter
    }

    /// As written in a usage line.
    var usage: String {
        switch kind {
        case .flag: "--\(name)"
        case .value(let placeholder), .repeated(let placeholder): "--\(name) \(placeholder)"
        case .list(let placeholder): "--\(name) \(placeholder)…"
        }
    }
}
