import CoreModels
import Glibc
import PrivateServers

/// One service of a stack as a child process, with its log in a file.
final class ServiceProcess: Restartable {
    let service: Service
    private let command: Command
    private var process: ChildProcess

    /// Starts it.
    ///
    /// - Parameters:
    ///   - directory: where the services' executables lie.
    ///   - log: where its output goes.
    init(
        _ service: Service, directory: String, environment: [String: String], log: String
    ) throws {
        self.service = service
        var command = Command(
            "\(directory)/\(service.rawValue)", environment: environment)
        command.output = .file(log)
        // Ctrl-C is for us: services stop when the supervisor has stopped the feed.
        command.ownProcessGroup = true
        command.whenParentEnds = .terminate
        self.command = command
        process = try ChildProcess.start(command)
    }

    var processIdentifier: Int32 { process.processIdentifier }

    var exitStatus: ExitStatus? { process.exitStatus }

    func restart() throws { process = try ChildProcess.start(command) }

    /// Asks it to finish what is in hand.
    func requestStop() { process.signal(SIGTERM) }

    /// Waits for the end that was asked for; kills it after `seconds`.
    func waitForEnd(seconds: Double) -> ExitStatus { process.stop(seconds: seconds) }
}
