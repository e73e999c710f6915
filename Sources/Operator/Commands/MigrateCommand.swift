import CoreModels
import Ledger

/// `cdb migrate`: brings the database's schema up to date.
enum MigrateCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "migrate", "brings the database's schema up to date", options: [StackAddress.option])

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let stack = try StackAddress.find(arguments, context)
        let applied = try stack.withDatabase(Migrations.apply)
        let done = applied.map(String.init).joined(separator: ", ")
        return Report(
            [
                (applied.isEmpty ? "nothing to do" : "applied \(done)")
                    + ", the schema is at version \(Migrations.newest)"
            ],
            [
                .init("applied", .list(applied.map { .integer($0) })),
                .init("version", .integer(Migrations.newest)),
            ])
    }
}
