import CoreModels

/// The words of one command, sorted.
struct Arguments: Equatable {
    var operands: [String] = []
    /// Values by the option's name; an empty list for a flag that stands.
    var options: [String: [String]] = [:]
    var wantsHelp = false

    func has(_ name: String) -> Bool { options[name] != nil }

    func text(_ name: String) -> String? { options[name]?.first }

    func list(_ name: String) -> [String] { options[name] ?? [] }

    /// A whole number in `range`; nil when the option does not stand.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(CommandFailure) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .wrongUse(
                "--\(name) \(text): a whole number from \(range.lowerBound) to \(range.upperBound) "
                    + "is wanted")
        }
        return number
    }

    /// A decimal number in `range`; nil when the option does not stand.
    func decimal(_ name: String, in range: ClosedRange<Ratio>) throws(CommandFailure) -> Ratio? {
        guard let text = text(name) else { return nil }
        guard let number = Ratio(text), range.contains(number) else {
            throw .wrongUse(
                "--\(name) \(text): a number from \(range.lowerBound) to \(range.upperBound) "
                    + "is wanted")
        }
        return number
    }

    /// One of the cases of `Choice`, by its raw value; nil when the option does not stand.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws(CommandFailure) -> Choice? where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .wrongUse("--\(name) \(text): one of \(all) is wanted")
        }
        return choice
    }

    /// `KEY=VALUE` pairs; the last one of a key counts.
    func pairs(_ name: String) throws(CommandFailure) -> [String: String] {
        var pairs: [String: String] = [:]
        for word in list(name) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .wrongUse("--\(name) \(word): KEY=VALUE is wanted")
            }
            pairs[String(parts[0])] = String(parts[1])
        }
        return pairs
    }
}
