import Foundation
import Testing

@testable import ServiceKit

/// docs/CONFIGURATION.md and .env.example against the table, line by line.
@Suite("The documents of the configuration")
struct ConfigurationDocumentsTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
            .components(separatedBy: "\n")
    }

    static func readers(of variable: Variable) -> String {
        variable.readers == ConfigurationTable.services
            ? "all" : variable.readers.joined(separator: ", ")
    }

    /// `| NAME | default | range | unit | read by | meaning |`
    static func row(of variable: Variable) -> String {
        let standard = variable.isMandatory ? "**mandatory**" : variable.defaultText ?? "–"
        let range = variable.rangeText.isEmpty ? "–" : variable.rangeText
        let unit = variable.unit.isEmpty ? "–" : variable.unit
        let cells = [
            "`\(variable.name)`", standard, range, unit, readers(of: variable), variable.summary,
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// A comment with everything, then the variable with its default; what must be set is empty.
    static func example(of variable: Variable) -> [String] {
        var notes = [variable.summary]
        if !variable.rangeText.isEmpty { notes.append("range " + variable.rangeText) }
        if !variable.unit.isEmpty { notes.append("unit " + variable.unit) }
        notes.append("read by " + readers(of: variable))
        let assignment = "\(variable.name)=\(variable.defaultText ?? "")"
        return [
            "# " + notes.joined(separator: "; "), (variable.isMandatory ? "" : "#") + assignment,
        ]
    }

    @Test("docs/CONFIGURATION.md has exactly the table's rows, in its order")
    func document() throws {
        let rows = try lines("docs/CONFIGURATION.md").filter { $0.hasPrefix("| `") }
        let old = ConfigurationTable.oldNames.map { "| `\($0.old)` | `\($0.new)` |" }
        #expect(rows == ConfigurationTable.all.map(Self.row) + old)
    }

    @Test(".env.example has exactly the table's variables, in its order")
    func exampleFile() throws {
        let found = try lines(".env.example").filter { !$0.isEmpty && !$0.hasPrefix("## ") }
        #expect(found == ConfigurationTable.all.flatMap(Self.example))
    }
}
