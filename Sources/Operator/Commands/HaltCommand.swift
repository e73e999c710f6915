import CoreModels

/// `cdb halt`: the kill switch.
enum HaltCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "halt", "kill switch: no opening order leaves any more",
        options: [
            Option("flatten", .flag, "sells everything"), RiskCommand.reason, StackAddress.option,
        ],
        details: "Without --flatten nothing leaves any more, stop-losses included.")

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let reason = try RiskCommand.reason(arguments)
        let flatten = arguments.has("flatten")
        return try RiskCommand.post(
            "/halt", [.init("flatten", .flag(flatten)), .init("reason", .text(reason))],
            arguments, context,
            done: flatten
                ? "halted; everything is being sold"
                : "halted; nothing leaves any more, stop-losses included")
    }
}
