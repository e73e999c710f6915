/// `cdb up`: the whole stack on this machine.
enum UpCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "up", "the whole stack on this machine, with its own Redis and Postgres",
        options: UpOptions.options,
        details: """
            Starts a private Redis and Postgres in DIR, every service, and the feed; shows signals,
            decisions, fills and equity; stops cleanly on Ctrl-C, SIGTERM, cdb down or after --for
            SECONDS, and prints a summary. A replay without --for ends with its data. State
            survives: another cdb up in the same DIR goes on. DIR/stack.env holds addresses and
            passwords.
            Variables of docs/CONFIGURATION.md in the environment reach the services.
            A dead child is started again; five deaths of one in a minute end everything with exit
            code 1.
            Ports from the base: Redis, Postgres, cdb_core, cdb_risk, cdb_execution, cdb_writer.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let options = try UpOptions(arguments)
        let readiness = Readiness(context.environment)
        if options.isDetached, !readiness.isDetached {
            return try DetachedUp.start(context.words, options.directory, context)
        }
        var context = context
        context.environment[Readiness.variable] = nil
        return try UpRun(options, context, readiness).run()
    }
}
