import CoreModels

/// `cdb whatif --set KEY=VALUE… --since TIME`: recorded days with other settings.
enum WhatIfCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "whatif", "what recorded production would have decided with other settings",
        options: [
            StackAddress.option,
            Option(
                "set", .list("KEY=VALUE"), "what is changed: variables of docs/CONFIGURATION.md"),
            Option("since", .value("TIME"), "begins there: 2026-01-05, or with T12:00Z"),
            Option("until", .value("TIME"), "ends there (default: with the recording)"),
            ReplayDayCommand.recordings,
        ],
        details: """
            The recorded market runs through the cores twice, as the services are configured now and
            with the change, both from where the ledger stood. Orders are filled at once by the
            paper exchange. Signals by hand and operators' commands come as they came.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let overrides = try arguments.pairs("set")
        guard !overrides.isEmpty else {
            throw CommandFailure.wrongUse("--set says what is changed: --set KEY=VALUE…")
        }
        guard let since = arguments.text("since") else {
            throw CommandFailure.wrongUse("--since says where to begin: --since 2026-01-05")
        }
        let from = try ReplayDayCommand.time(since, "--since")
        let to =
            try arguments.text("until").map { try ReplayDayCommand.time($0, "--until") }
            ?? Timestamp(milliseconds: .max / 2)
        guard from < to else { throw CommandFailure.wrongUse("--since has to be before --until") }
        let stack = try StackAddress.find(arguments, context)
        let words = ReplayDayCommand.files(arguments, stack)
        return try stack.withDatabase { connection in
            let reader = try LedgerReader(connection)
            var line = ProgressLine(context.console)
            let days = try RecordedDays(
                reader, recordings: words, from: from, to: to, environment: stack.environment,
                overrides: overrides
            ) { line.show($0) }
            line.end()
            var run = WhatIf(days, context.console)
            return try run.run()
        }
    }
}
