import CoreModels
import Glibc
import ServiceKit

/// `cdb down`: ends the `cdb up` of a directory and waits for it.
enum DownCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "down", "stops a stack started with cdb up", options: [StackAddress.option])

    /// Services have 5 s, the writer 10 s to catch up, the servers 20 s: more than all together.
    private static let patience: Int64 = 60_000

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let directory = try StackAddress.findDirectory(arguments, context)
        guard let process = StackLock.holder(directory) else {
            return report(directory, "is not running", wasRunning: false)
        }
        kill(process, SIGTERM)
        let deadline = SystemClock.monotonicMilliseconds + patience
        while StackLock.holder(directory) == process {
            guard SystemClock.monotonicMilliseconds < deadline else {
                throw CommandFailure.failed(
                    "cdb up, process \(process), did not end within \(patience / 1000) s")
            }
            usleep(50_000)
        }
        return report(directory, "has stopped", wasRunning: true)
    }

    private static func report(
        _ directory: StackDirectory, _ text: String, wasRunning: Bool
    ) -> Report {
        Report(
            ["the stack in \(directory.path) \(text)"],
            [
                .init("directory", .text(directory.path)),
                .init("was_running", .flag(wasRunning)),
            ])
    }
}
