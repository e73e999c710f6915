import CoreModels
import Glibc
import PrivateServers
import ServiceKit

/// `cdb init-env`: the `.env` that docker-compose.yml and the services read, with secrets of its own.
enum InitEnvironmentCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "init-env", "writes .env with strong passwords, for docker compose",
        options: [
            Option("file", .value("FILE"), "where to (default .env; -: standard output)"),
            Option("force", .flag, "replaces a file that is there, with new passwords"),
        ],
        details: """
            The file is for its owner only (mode 0600). Servers that have run keep their old
            passwords: docs/OPERATIONS.md tells how to change them.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let text = EnvironmentFile.text(value)
        let path = arguments.text("file") ?? ".env"
        guard path != "-" else {
            context.console.write(Array(text.utf8))
            return .silent
        }
        guard arguments.has("force") || !Files.exists(path) else {
            throw CommandFailure.failed(
                "\(path) is there already; --force replaces it, with new passwords")
        }
        // A file that is new has mode 0600; it takes its place as a whole.
        let draft = path + ".new"
        unlink(draft)
        try Files.write(text, to: draft)
        guard rename(draft, path) == 0 else {
            throw CommandFailure.failed("\(path): \(String(cString: strerror(errno)))")
        }
        return Report(["\(path) is written"], [.init("written", .text(path))])
    }

    /// What is generated; nil for what stays as in `.env.example`.
    private static func value(_ variable: Variable) -> String? {
        // The owner of the schema, as docker/postgres/roles.sql makes it.
        variable.name == "POSTGRES_USER"
            ? "cdb_owner" : variable.kind == .secret ? Secret.random() : nil
    }
}
