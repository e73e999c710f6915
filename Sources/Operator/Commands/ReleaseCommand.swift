import CoreModels

/// `cdb release`: lifts a halt.
enum ReleaseCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "release", "lifts a halt",
        options: [
            RiskCommand.reason,
            Option("rebase", .flag, "begins the day's loss anew at the present equity"),
            StackAddress.option,
        ],
        details: "While the day's drawdown still holds a release without --rebase is refused.")

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let reason = try RiskCommand.reason(arguments)
        return try RiskCommand.post(
            "/release",
            [
                .init("reason", .text(reason)), .init("rebase", .flag(arguments.has("rebase"))),
            ], arguments, context, done: "released")
    }
}
