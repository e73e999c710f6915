import PrivateServers

/// The program `cdb`: finds the command, runs it, prints its report.
public enum Operator {
    static var commands: [any OperatorCommand.Type] {
        [
            UpCommand.self, DownCommand.self, StatusCommand.self, LogsCommand.self,
            MigrateCommand.self, RebuildCommand.self, VerifyCommand.self, TraceCommand.self,
            BacktestCommand.self, ReplayCommand.self, RecordCommand.self, ReplayDayCommand.self,
            WhatIfCommand.self, WhyCommand.self, WhyNotCommand.self, EmitCommand.self,
            HaltCommand.self, ReleaseCommand.self, BackupCommand.self, RestoreCommand.self,
            HealthcheckCommand.self, InitEnvironmentCommand.self, DoctorCommand.self,
            VersionCommand.self,
        ]
    }

    /// - Parameter words: those after the program's name.
    /// - Returns: 0 = fine, 1 = failed, 2 = used wrongly.
    public static func run(_ words: [String]) -> Int32 {
        run(words, ProcessEnvironment.current, Console.standard)
    }

    static func run(
        _ words: [String], _ environment: [String: String], _ console: Console
    ) -> Int32 {
        let name = words.first ?? "help"
        if ["help", "--help", "-h"].contains(name) {
            return help(words.dropFirst().first, console)
        }
        let isVersion = ["--version", "-V"].contains(name)
        guard let command = find(isVersion ? "version" : name) else {
            console.complain("cdb: \(name) is no command; cdb help lists them")
            return 2
        }
        do {
            let arguments = try command.syntax.parse(words.dropFirst())
            guard !arguments.wantsHelp else {
                console.write(Array(command.syntax.help.utf8))
                return 0
            }
            let context = Context(
                console: console, words: words, environment: environment,
                wantsJSON: arguments.has("json"))
            let report = try command.run(arguments, context)
            console.write(Array(report.text(json: context.wantsJSON).utf8))
            return report.exitCode
        } catch let failure as CommandFailure {
            console.complain("cdb \(name): \(failure.message)")
            if case .wrongUse = failure {
                console.complain("cdb \(name) --help tells how it is used")
            }
            return failure.exitCode
        } catch {
            console.complain("cdb \(name): \(error)")
            return 1
        }
    }

    private static func find(_ name: String) -> (any OperatorCommand.Type)? {
        commands.first { $0.syntax.name == name }
    }

    private static func help(_ name: String?, _ console: Console) -> Int32 {
        guard let name else {
            console.write(Array(overview.utf8))
            return 0
        }
        guard let command = find(name) else {
            console.complain("cdb help: \(name) is no command; cdb help lists them")
            return 2
        }
        console.write(Array(command.syntax.help.utf8))
        return 0
    }

    /// The page of `cdb help`.
    static var overview: String {
        let rows = commands.map { ($0.syntax.name, $0.syntax.summary) }
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        let list = rows.map { name, summary in
            "  " + name + String(repeating: " ", count: width - name.count) + summary + "\n"
        }
        return """
            cdb runs and looks after Claire de Binare, an autonomous crypto paper trader.

            usage: cdb COMMAND [options]

            commands:
            \(list.joined())
            Every command takes --help, and --json for a report that machines can read.
            Exit code: 0 fine, 1 failed, 2 used wrongly.
            A command that talks to a stack finds it by --dir DIR (default .cdb if it is there),
            else by the environment variables of docs/CONFIGURATION.md.

            """
    }
}
