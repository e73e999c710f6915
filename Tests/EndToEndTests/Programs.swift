import PrivateServers
import TestKit

/// The built executables, and what is installed.
enum Programs {
    static func path(_ name: String) throws -> String { try BuiltPrograms.path(name) }

    /// Runs one of them to its end.
    static func run(
        _ name: String, _ words: [String], environment: [String: String] = [:],
        in directory: String? = nil
    ) throws -> (status: ExitStatus, output: String) {
        var command = Command(try path(name), words, environment: environment)
        command.workingDirectory = directory
        command.output = .pipe
        command.whenParentEnds = .kill
        let process = try ChildProcess.start(command)
        let output = String(decoding: process.readOutput(), as: UTF8.self)
        return (process.stop(signal: 0, seconds: 60), output)
    }

    static func isInstalled(_ name: String) -> Bool { InstalledPrograms.has(name) }
}
