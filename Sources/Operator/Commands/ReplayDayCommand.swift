import CoreModels
import Ledger
import WireFormats

/// `cdb replay-day FROM TO`: production again, from the recording.
enum ReplayDayCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "replay-day", "runs recorded production again and compares it with the ledger",
        operands: [.init("FROM"), .init("TO")],
        options: [
            StackAddress.option,
            Option("check", .flag, "compares every decision with the ledger"),
            recordings,
        ],
        details: """
            FROM and TO are moments of UTC: 2026-01-05, or with T12:00Z; TO itself is left out.
            The market is that of cdb record, the settings are those the services had then. Each
            core is given the market and what the ledger says it was told, and has to decide what
            the ledger has, byte for byte: signals, risk_decisions, orders, order_results, account.
            Exit code 1 names the first event that differs, and what of the market is missing.
            Without --check the three cores answer each other at once, and what they decide is
            printed (with --json as events, one a line).
            """)

    static let recordings = Option(
        "data", .list("FILE|DIR"), "recordings (default recordings in the stack's DIR)")

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let from = try time(arguments.operands[0], "FROM")
        let to = try time(arguments.operands[1], "TO")
        guard from < to else { throw CommandFailure.wrongUse("FROM has to be before TO") }
        let stack = try StackAddress.find(arguments, context)
        let words = files(arguments, stack)
        return try stack.withDatabase { connection in
            let reader = try LedgerReader(connection)
            var line = ProgressLine(context.console)
            let days = try RecordedDays(
                reader, recordings: words, from: from, to: to, environment: stack.environment
            ) { line.show($0) }
            line.end()
            var replay = ReplayDay(days, context.console)
            return try arguments.has("check") ? replay.check() : replay.list(context)
        }
    }

    /// Where the recordings lie.
    static func files(_ arguments: Arguments, _ stack: StackAddress) -> [String] {
        let given = arguments.list("data")
        guard given.isEmpty else { return given }
        let name = RecordOptions.defaultOutput
        return [stack.directory.map { "\($0.path)/\(name)" } ?? name]
    }

    static func time(_ text: String, _ name: String) throws(CommandFailure) -> Timestamp {
        guard let time = ISO8601.timestamp(text) else {
            throw .wrongUse("\(name) \(text): a time like 2026-01-05T12:00:00Z is wanted")
        }
        return time
    }
}
