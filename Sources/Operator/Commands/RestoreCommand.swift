import CoreModels
import Ledger

/// `cdb restore`: a backup into a new directory, or into the environment's database.
enum RestoreCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "restore", "a stack again from an archive of cdb backup, and proves it",
        operands: [.init("FILE")],
        options: [
            Option(
                "dir", .value("DIR"),
                "a new directory, for a stack of cdb up (default .cdb if it is there)"),
            Option("force", .flag, "replaces what a stack that does not run holds"),
        ],
        details: """
            Compares all checksums before anything is touched. Without --dir and .cdb it restores
            into the database that the environment names, which must be there. All is stored or
            nothing. Then cdb verify runs; its report is shown, and its exit code holds.
            Redis begins empty, as after each of its restarts: it holds nothing that must survive.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let archive = BackupArchive(path: StackDirectory(arguments.operands[0]).path)
        let named = arguments.text("dir").map(StackDirectory.init)
        let standing = StackDirectory(StackDirectory.defaultPath)
        let directory = named ?? (standing.exists ? standing : nil)
        try archive.check()
        let manifest = try archive.manifest()
        guard manifest.database.schema <= Migrations.newest else {
            throw SchemaError.unknown(
                present: manifest.database.schema, known: Migrations.newest)
        }
        let restore = DatabaseRestore(
            archive: archive, manifest: manifest, mayReplace: arguments.has("force"),
            console: context.console)
        var report: Report
        let advice: String
        if let directory {
            let target = DirectoryRestore(directory: directory, restore: restore)
            report = try target.run { try VerifyCommand.run($0, context) }
            advice = try target.advice()
        } else {
            let stack = StackAddress(directory: nil, environment: context.environment)
            report = try stack.withDatabase { connection in
                try restore.run(connection)
                return try VerifyCommand.run(connection, context)
            }
            advice = "start the services: they go on where the backup was taken"
        }
        report.lines.insert(
            "\(archive.path) of \(manifest.created.text) is restored, "
                + "\(manifest.database.events) events", at: 0)
        report.lines.append(
            report.exitCode == 0 ? advice : "the archive holds a ledger that is not whole")
        report.members.insert(.init("manifest", manifest.value), at: 0)
        return report
    }
}
