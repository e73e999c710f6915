public import Glibc
import Synchronization

/// One child process: started, watched, signalled and waited for. Any thread may use it.
///
/// Signals are sent only while the child is not yet waited for, so a reused process id is never
/// hit.
public final class ChildProcess: Sendable {
    public let processIdentifier: Int32
    /// The readable end when the command's output is a pipe, else -1. Closed with this object.
    public let output: Int32
    private let status = Mutex<ExitStatus?>(nil)

    private init(processIdentifier: Int32, output: Int32) {
        self.processIdentifier = processIdentifier
        self.output = output
    }

    deinit {
        if output >= 0 { close(output) }
    }

    /// Starts a child. Its signal mask and handlers are the system's defaults.
    public static func start(_ command: Command) throws(PrivateServerError) -> ChildProcess {
        let words = try command.words()
        var ends: (readEnd: Int32, writeEnd: Int32) = (-1, -1)
        if command.output.isPipe {
            guard let pipe = Files.makePipe() else {
                throw .spawnFailed(program: command.program, reason: Files.reason())
            }
            ends = pipe
        }
        defer { if ends.writeEnd >= 0 { close(ends.writeEnd) } }
        let outcome = SpawningThread.shared.start(
            Spawn(command: command, words: words, outputEnd: ends.writeEnd))
        guard outcome.code == 0 else {
            if ends.readEnd >= 0 { close(ends.readEnd) }
            throw .spawnFailed(program: command.program, reason: Files.reason(outcome.code))
        }
        return ChildProcess(processIdentifier: outcome.identifier, output: ends.readEnd)
    }

    /// How it ended, or nil while it runs. Never waits.
    public var exitStatus: ExitStatus? {
        status.withLock { poll(&$0) }
    }

    public var isRunning: Bool { exitStatus == nil }

    /// Sends a signal; nothing happens when the child has ended.
    public func signal(_ number: Int32) {
        status.withLock { status in
            if poll(&status) == nil { kill(processIdentifier, number) }
        }
    }

    /// Waits for the end.
    /// - Returns: nil when it still runs after `seconds`.
    public func wait(seconds: Double) -> ExitStatus? {
        let deadline = Deadline(seconds: seconds)
        while true {
            if let status = exitStatus { return status }
            if deadline.hasPassed { return nil }
            deadline.pause()
        }
    }

    /// Asks with `signal`, waits, and kills when that does not help.
    @discardableResult
    public func stop(signal number: Int32 = SIGTERM, seconds: Double = 10) -> ExitStatus {
        signal(number)
        if let status = wait(seconds: seconds) { return status }
        signal(SIGKILL)
        while true {
            if let status = wait(seconds: 60) { return status }
        }
    }

    /// Reads a piped output to its end.
    public func readOutput() -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(output, &chunk, chunk.count)
            if count > 0 { all += chunk[..<count] }
            if count == 0 || (count < 0 && errno != EINTR) { return all }
        }
    }

    private func poll(_ status: inout ExitStatus?) -> ExitStatus? {
        if status == nil {
            var word: Int32 = 0
            let found = waitpid(processIdentifier, &word, WNOHANG)
            if found == processIdentifier { status = ExitStatus(waitStatus: word) }
        }
        return status
    }
}
