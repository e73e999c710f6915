import Ledger
import PrivateServers

/// A database into a file and back, by Postgres' own programs.
struct DatabaseCopy {
    let settings: PostgresSettings
    /// Is told what Postgres' programs say they do.
    let notice: (String) -> Void

    /// Writes what an exported snapshot shows.
    /// - Parameter server: its version, as `DatabaseFacts.server`.
    func dump(snapshot: String, server: Int, to path: String) throws {
        let words = ["--format", "custom", "--no-owner", "--snapshot", snapshot, "--file", path]
        try Self.tool("pg_dump", server).run(place + words, environment, notice)
    }

    /// Stores all of a dump or, when anything fails, nothing.
    /// - Parameters:
    ///   - input: an open file that is read to its end.
    ///   - server: the version of the server that was dumped.
    ///   - replaces: tables that are there are dropped.
    func restore(from input: Int32, server: Int, replaces: Bool) throws {
        let words = ["--format", "custom", "--no-owner", "--single-transaction", "--exit-on-error"]
        try Self.tool("pg_restore", server).run(
            place + words + (replaces ? ["--clean", "--if-exists"] : []), environment,
            input: input, notice)
    }

    /// Where and as whom; the password stands in no list of processes.
    private var place: [String] {
        [
            "--verbose", "--no-password", "--host", settings.host, "--port", "\(settings.port)",
            "--username", settings.user, "--dbname", settings.database,
        ]
    }

    private var environment: [String: String] {
        [
            "PGPASSWORD": settings.password, "PGAPPNAME": "cdb", "PGCONNECT_TIMEOUT": "5",
            // Who holds a table is told of, not waited for.
            "PGOPTIONS": "-c lock_timeout=30s -c client_min_messages=warning",
        ]
    }

    /// Postgres' programs understand servers and dumps of their own version and older ones.
    static func tool(_ name: String, _ server: Int) throws -> SystemTool {
        let path = try PostgresPrograms.path(of: name)
        let tool = try SystemTool(name, at: path)
        var said = ""
        try tool.run(["--version"]) { said = $0 }
        let needed = DatabaseFacts.majorVersion(server)
        guard let version = majorVersion(said), version >= needed else {
            throw CommandFailure.failed(
                "\(path) (\(said)) is older than the server, which is version \(needed); "
                    + "remedy: apt-get install postgresql-client-\(needed)")
        }
        return tool
    }

    /// Of `pg_dump (PostgreSQL) 15.14 (Debian …)`.
    static func majorVersion(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        return words.first { $0.first?.isNumber ?? false }
            .flatMap { Int($0.prefix { $0.isNumber }) }
    }
}
