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

    /// `| NAME | default | range | unit | read by | meaning |`
    static func row(of variable: Variable) -> String {
        let standard = variable.isMandatory ? "**mandatory**" : variable.defaultText ?? "–"
        let range = variable.rangeText.isEmpty ? "–" : variable.rangeText
        let unit = variable.unit.isEmpty ? "–" : variable.unit
        let cells = [
            "`\(variable.name)`", standard, range, unit, variable.readersText, variable.summary,
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    @Test("docs/CONFIGURATION.md has exactly the table's rows, in its order")
    func document() throws {
        let rows = try lines("docs/CONFIGURATION.md").filter { $0.hasPrefix("| `") }
        let old = ConfigurationTable.oldNames.map { "| `\($0.old)` | `\($0.new)` |" }
        #expect(rows == ConfigurationTable.all.map(Self.row) + old)
    }

    @Test("docs/CONFIGURATION.md has a heading for each part of the table, in its order")
    func headings() throws {
        let titles = ConfigurationTable.sections.map { "## " + $0.title }
        #expect(try lines("docs/CONFIGURATION.md").filter(titles.contains) == titles)
    }

    @Test(".env.example is what the table says")
    func exampleFile() throws {
        #expect(try lines(".env.example") == EnvironmentFile.example.components(separatedBy: "\n"))
    }

    @Test("with values of its own a variable is set, whatever the example has")
    func values() {
        let text = EnvironmentFile.text { ["LOG_LEVEL": "DEBUG", "REDIS_PASSWORD": "x"][$0.name] }
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.contains("LOG_LEVEL=DEBUG"))
        #expect(lines.contains("REDIS_PASSWORD=x"))
        #expect(lines.contains("POSTGRES_PASSWORD="))
        #expect(lines.contains("COMPOSE_PROFILES=sim"))
        #expect(!lines.contains { $0.hasPrefix("LOG_FORMAT") })
    }
}
