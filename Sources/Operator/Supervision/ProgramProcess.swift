import Glibc
import PrivateServers

/// One program of a stack as a child process, with its log in a file.
final class ProgramProcess: Restartable {
    let program: StackProgram
    private var command: Command
    /// Asked at every start: what a program is told may have changed since.
    private let arguments: () -> [String]
    private var process: ChildProcess

    /// Starts it.
    ///
    /// - Parameters:
    ///   - directory: where the executables lie.
    ///   - log: where its output goes.
    init(
        _ program: StackProgram, directory: String, environment: [String: String], log: String,
        arguments: @escaping () -> [String] = { [] }
    ) throws {
        self.program = program
        self.arguments = arguments
        var command = Command(
            "\(directory)/\(program.name)", arguments(), environment: environment)
        command.output = .file(log)
        // Ctrl-C is for us: services stop when the supervisor has stopped the feed.
        command.ownProcessGroup = true
        command.whenParentEnds = .terminate
        self.command = command
        process = try ChildProcess.start(command)
    }

    var exitStatus: ExitStatus? { process.exitStatus }

    func restart() throws {
        command.arguments = arguments()
        process = try ChildProcess.start(command)
    }

    /// Asks it to finish what is in hand.
    func requestStop() { process.signal(SIGTERM) }

    /// Waits for the end that was asked for; kills it after `seconds`.
    func waitForEnd(seconds: Double) -> ExitStatus { process.stop(seconds: seconds) }
}
