import Glibc
import Synchronization

/// The life of one private server: start, readiness, stop, kill, start again.
final class PrivateServer: Sendable {
    /// All that differs between the servers.
    struct Plan: Sendable {
        let name: String
        let command: Command
        let port: UInt16
        /// Where the lock lies.
        let directory: String
        let log: String
        /// Asks for an orderly end.
        let stopSignal: Int32
        /// Whether it answers as it should.
        let isReady: @Sendable () -> Bool
    }

    /// How long a start may take, with the recovery after a crash.
    static let startSeconds = 60

    private let plan: Plan
    private let process: Mutex<ChildProcess>
    private var lockPath: String { Self.lockPath(plan) }

    init(_ plan: Plan) throws(PrivateServerError) {
        self.plan = plan
        process = Mutex(try Self.launch(plan))
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }
    var processIdentifier: Int32 { process.withLock { $0.processIdentifier } }
    var exitStatus: ExitStatus? { process.withLock { $0.exitStatus } }

    func stop(seconds: Double) {
        process.withLock { _ = $0.stop(signal: plan.stopSignal, seconds: seconds) }
        _ = ServerLock.waitUntilFree(lockPath, seconds: 10)
    }

    func kill() {
        process.withLock { _ = $0.stop(signal: SIGKILL) }
        _ = ServerLock.waitUntilFree(lockPath, seconds: 10)
    }

    func signal(_ number: Int32) {
        process.withLock { $0.signal(number) }
    }

    func restart() throws(PrivateServerError) {
        stop(seconds: 20)
        let started = try Self.launch(plan)
        process.withLock { $0 = started }
    }

    private static func lockPath(_ plan: Plan) -> String { "\(plan.directory)/server.lock" }

    private static func launch(_ plan: Plan) throws(PrivateServerError) -> ChildProcess {
        let lock = try ServerLock(
            path: lockPath(plan), server: plan.name, stopSignal: plan.stopSignal)
        guard LoopbackPort.isFree(plan.port) else {
            throw .portTaken(port: plan.port, server: plan.name)
        }
        var command = plan.command
        command.inheritedDescriptor = lock.descriptor
        let process = try ChildProcess.start(command)
        lock.handOver(to: process.processIdentifier)
        let deadline = Deadline(seconds: Double(startSeconds))
        while !plan.isReady() {
            if let status = process.exitStatus {
                throw .ended(
                    server: plan.name, status: "\(status)", log: Files.tail(plan.log))
            }
            if deadline.hasPassed {
                process.stop(signal: SIGKILL)
                throw .notReady(
                    server: plan.name, seconds: startSeconds, log: Files.tail(plan.log))
            }
            deadline.pause()
        }
        return process
    }
}
