/// One subcommand of `cdb`.
protocol OperatorCommand: Sendable {
    static var syntax: CommandSyntax { get }

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report
}

/// What a command is run with.
struct Context {
    var console: Console
    /// All words after the program's name.
    var words: [String]
    /// The environment of this process.
    var environment: [String: String]
    /// `--json` stands.
    var wantsJSON: Bool
}
