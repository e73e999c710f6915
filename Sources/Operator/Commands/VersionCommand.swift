import CoreModels
import ServiceKit

/// `cdb version`.
enum VersionCommand: OperatorCommand {
    static let syntax = CommandSyntax("version", "the version of this program")

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        Report(["cdb \(BuildVersion.text)"], [.init("version", .text(BuildVersion.text))])
    }
}
