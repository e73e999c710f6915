import CoreModels
import Ledger

/// `cdb verify`: proves the ledger.
enum VerifyCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "verify", "proves the ledger and the read tables", options: [StackAddress.option],
        details: """
            Contiguous numbers, a whole hash chain, one decision per signal, one result per order,
            fills = positions, cash conserved, read tables equal to the ledger. Stops at the first
            violation, names it, and exits with 1.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let stack = try StackAddress.find(arguments, context)
        return try stack.withDatabase { try run($0, context) }
    }

    /// Proves what is in this database.
    static func run(_ connection: PostgresConnection, _ context: Context) throws -> Report {
        var progress = ProgressLine(context.console)
        let report = try LedgerVerification.run(connection) { progress.show("\($0) events read") }
        progress.end()
        return Report(lines(report), report.members, exitCode: report.isProved ? 0 : 1)
    }

    private static func lines(_ report: VerificationReport) -> [String] {
        var lines = report.events.map { "  \($0.stream.rawValue): \($0.count) events" }
        lines += [
            "  \(report.decidedSignals) signals decided, \(report.undecidedSignals) not yet",
            "  \(report.finishedOrders) orders finished, \(report.ordersInFlight) under way",
            "  \(report.comparedAccounts) accounts equal to the fills",
        ]
        if report.parked > 0 { lines.append("  \(report.parked) events parked in dead_letters") }
        if report.unwritten > 0 {
            lines.append("  \(report.unwritten) events not yet in the read tables")
        }
        if let violation = report.violation { return lines + ["VIOLATION: \(violation)"] }
        return lines + ["the ledger is whole, and the read tables are what it says"]
    }
}
