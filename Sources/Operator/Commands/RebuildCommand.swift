import CoreModels
import Glibc
import Ledger

/// `cdb rebuild`: the read tables again from the ledger.
enum RebuildCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "rebuild", "writes the read tables again from the ledger",
        options: [StackAddress.option],
        details: """
            A cdb_writer that runs loses its session, and goes on when the tables are written.
            health_checks, metrics and strategy_params are kept.
            """)

    /// A writer that was sent away comes back after 200 ms at the earliest.
    private static let attempts = 50
    private static let pause: UInt32 = 20_000

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let stack = try StackAddress.find(arguments, context)
        var progress = ProgressLine(context.console)
        let rebuild = try stack.withDatabase { connection in
            try takePlace(connection, attemptsLeft: attempts) {
                progress.show("\($0) events read")
            }
        }
        progress.end()
        var lines = ["read tables written again from \(rebuild.events) events"]
        if rebuild.parked > 0 { lines.append("\(rebuild.parked) events parked in dead_letters") }
        return Report(
            lines,
            [.init("events", .integer(rebuild.events)), .init("parked", .integer(rebuild.parked))])
    }

    /// Takes the writer's place. A running writer's session is ended: for it that is a lost
    /// connection, and it waits for its lock as after any other.
    private static func takePlace(
        _ connection: PostgresConnection, attemptsLeft: Int, _ progress: (Int64) -> Void
    ) throws -> Rebuild {
        do {
            return try Rebuild.run(connection, progress: progress)
        } catch let error as RebuildError where attemptsLeft > 1 {
            switch error {
            case .writerRuns: _ = try connection.run(endWriter())
            }
            usleep(pause)
        }
        return try takePlace(connection, attemptsLeft: attemptsLeft - 1, progress)
    }

    private static let endWriter = SQLStatement(
        "rebuild_end_writer",
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = 'cdb_writer' AND datname = current_database()
        """)
}
