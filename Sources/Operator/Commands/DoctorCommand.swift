/// `cdb doctor`: what is wrong with a stack, and what mends it.
enum DoctorCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "doctor", "finds what is wrong with a stack, and what mends it",
        options: [StackAddress.option],
        details: """
            Looks at the environment file, variables, secrets, ports, Redis, Postgres, schema, roles,
            services, feeds, clocks and disks; each finding comes with the command or setting that
            mends it. The last line sums up: configuration, ports, Redis, Postgres, schema, services,
            feed. Changes nothing. Exit code 1 when something failed; a warning is no failure.
            Without a directory it goes by the environment, and by .env where that is not complete.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let stack = ExaminedStack.find(arguments, context)
        return Diagnosis(try Doctor.examine(stack)).report
    }
}
