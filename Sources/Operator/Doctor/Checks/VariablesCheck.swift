import ServiceKit

/// Mandatory variables, types, ranges, old names: what the one reader of the configuration finds.
struct VariablesCheck: Check {
    let problems: [String]
    let warnings: [String]
    /// Names in the file that nobody reads.
    let unknown: [String]

    private static let name = "variables"
    private static let remedy = "correct it in the environment or .env: docs/CONFIGURATION.md"

    var findings: [Finding] {
        let all =
            problems.map { Finding.failed(.configuration, Self.name, $0, remedy: remedy(for: $0)) }
            + warnings.map { .warning(.configuration, Self.name, $0, remedy: Self.remedy) }
            + unknown.map { name in
                .warning(
                    .configuration, Self.name, "\(name) is no variable: nobody reads it",
                    remedy: "correct the name (docs/CONFIGURATION.md lists all) or take it out")
            }
        let fine = "complete, of their types, in their ranges"
        return all.isEmpty ? [.ok(.configuration, Self.name, fine)] : all
    }

    private func remedy(for problem: String) -> String {
        problem.hasPrefix("missing: ")
            ? "set each, or cdb init-env writes a whole .env" : Self.remedy
    }
}
