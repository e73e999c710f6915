import Ledger

/// Whether the schema is the one this program knows, and this login may bring it forward.
struct SchemaCheck: Check {
    let error: SchemaError?
    /// Who owns the tables; nil where there are none.
    let owner: String?
    let login: String
    /// The login is the owner or acts for it.
    let mayMigrate: Bool
    let words: RemedyWords

    private static let name = "version"

    var findings: [Finding] { [version] + ownership }

    private var version: Finding {
        guard let error else {
            return .ok(.schema, Self.name, "\(Migrations.newest), the newest")
        }
        let remedy =
            switch error {
            case .older: words.cdb("migrate")
            case .unknown: "run the newer release that made it; a schema never goes back"
            case .changed: "go on from a backup; a migration that is out is never changed"
            }
        return .failed(.schema, Self.name, error.description, remedy: remedy)
    }

    private var ownership: [Finding] {
        guard let owner else { return [] }
        guard !mayMigrate else { return [.ok(.schema, "owner", owner)] }
        return [
            .warning(
                .schema, "owner", "\(login) may not migrate: the tables belong to \(owner)",
                remedy: "POSTGRES_USER=\(owner) for cdb migrate, or GRANT \(owner) TO \(login)")
        ]
    }
}
