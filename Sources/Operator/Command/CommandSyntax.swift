/// What a command is called, what it takes, and what a person reads under `--help`.
struct CommandSyntax {
    /// A word that stands without `--`.
    struct Operand: Equatable {
        let name: String
        let isOptional: Bool

        init(_ name: String, optional: Bool = false) {
            self.name = name
            isOptional = optional
        }
    }

    let name: String
    let summary: String
    let operands: [Operand]
    let options: [Option]
    /// More than one line says, shown below the options.
    let details: String

    init(
        _ name: String, _ summary: String, operands: [Operand] = [], options: [Option] = [],
        details: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.operands = operands
        self.options =
            options + [Option("json", .flag, "a report for machines on standard output")]
        self.details = details
    }

    var usage: String {
        let words =
            operands.map { $0.isOptional ? "[\($0.name)]" : $0.name }
            + options.map { "[\($0.usage)]" }
        return (["cdb \(name)"] + words).joined(separator: " ")
    }

    /// The page of `cdb NAME --help`.
    var help: String {
        let width = (options.map(\.usage.count).max() ?? 0) + 2
        var lines = [summary, "", "usage: \(usage)"]
        if !options.isEmpty {
            lines += ["", "options:"]
            lines += options.map { option in
                let gap = String(repeating: " ", count: width - option.usage.count)
                return "  \(option.usage)\(gap)\(option.help)"
            }
        }
        if !details.isEmpty { lines += ["", details] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads the words after the command's name.
    func parse(_ words: some Sequence<String>) throws(CommandFailure) -> Arguments {
        var arguments = Arguments()
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            if word == "--" {
                arguments.operands += rest
                break
            } else if word.hasPrefix("-"), word != "-", !isNegativeNumber(word) {
                try take(option: word, from: &rest, into: &arguments)
            } else {
                arguments.operands.append(word)
            }
        }
        if !arguments.wantsHelp { try check(arguments.operands) }
        return arguments
    }

    private func isNegativeNumber(_ word: String) -> Bool {
        word.utf8.dropFirst().first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ?? false
    }

    private func take(
        option word: String, from rest: inout ArraySlice<String>, into arguments: inout Arguments
    ) throws(CommandFailure) {
        if word == "--help" || word == "-h" {
            arguments.wantsHelp = true
            return
        }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let written = String(parts[0])
        guard let option = options.first(where: { matches($0, written) }) else {
            throw .wrongUse("\(written) is no option of cdb \(name)")
        }
        var values = parts.count > 1 ? [String(parts[1])] : []
        switch option.kind {
        case .flag:
            guard values.isEmpty else { throw .wrongUse("\(written) takes no value") }
        case .value, .repeated:
            if values.isEmpty, let next = rest.popFirst() { values = [next] }
        case .list:
            while let next = rest.first, !next.hasPrefix("--") {
                values.append(next)
                rest.removeFirst()
            }
        }
        if option.kind != .flag, values.isEmpty { throw .wrongUse("\(option.usage): no value") }
        if case .value = option.kind, arguments.has(option.name) {
            throw .wrongUse("\(written) stands twice")
        }
        arguments.options[option.name, default: []] += values
    }

    private func matches(_ option: Option, _ written: String) -> Bool {
        written == "--\(option.name)" || option.letter.map { written == "-\($0)" } ?? false
    }

    private func check(_ given: [String]) throws(CommandFailure) {
        if given.count > operands.count {
            throw .wrongUse("\(given[operands.count]) is one word too many")
        }
        let required = operands.filter { !$0.isOptional }
        if given.count < required.count {
            throw .wrongUse("\(required[given.count].name) is missing")
        }
    }
}
