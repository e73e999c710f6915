import CoreModels
import Glibc
import PrivateServers

/// `cdb up --detach`: the same command in a session of its own, and back when it is ready.
enum DetachedUp {
    static func start(
        _ words: [String], _ directory: StackDirectory, _ context: Context
    ) throws -> Report {
        try Files.makeDirectory(directory.logs, mode: 0o755)
        if let holder = StackLock.holder(directory) {
            throw CommandFailure.failed(
                "\(directory.path) is in use by cdb up, process \(holder); "
                    + "cdb down --dir \(directory.path) stops it")
        }
        directory.rotateLog("up")
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandFailure.failed("no pipe: \(String(cString: strerror(errno)))")
        }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        defer { close(ends[0]) }
        var command = Command(
            Files.absolute("/proc/self/exe"), words.filter { $0 != "--detach" },
            environment: context.environment.merging(
                [Readiness.variable: "\(Readiness.descriptor)"]) { $1 })
        command.output = .file(directory.log("up"))
        command.ownSession = true
        command.inheritedDescriptor = ends[1]
        let child = try ChildProcess.start(command)
        close(ends[1])
        guard isReady(ends[0]) else {
            let status = child.wait(seconds: 60)
            let log = Files.tail(directory.log("up"), lines: 5)
            if status == .exited(2) { throw CommandFailure.wrongUse(log) }
            throw CommandFailure.failed("the stack did not come up: \(log)")
        }
        let process = child.processIdentifier
        return Report(
            [
                "the stack is ready, process \(process)",
                "  addresses and passwords: \(directory.environmentFile)",
                "  cdb down --dir \(directory.path) stops it",
            ],
            [
                .init("directory", .text(directory.path)),
                .init("process", .integer(Int64(process))),
                .init("environment_file", .text(directory.environmentFile)),
            ])
    }

    /// Waits for the mark; the end of the file without it means that the child has given up.
    private static func isReady(_ descriptor: Int32) -> Bool {
        var mark: UInt8 = 0
        while true {
            let count = read(descriptor, &mark, 1)
            if count >= 0 { return count == 1 }
            if errno != EINTR { return false }
        }
    }
}
