import Glibc

/// Wakes a thread that waits in `poll`: any thread rings, the waiting one polls and clears.
public final class WakeUp: Sendable {
    /// Readable after a ring until cleared.
    public let fileDescriptor: Int32
    private let writeEnd: Int32

    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError("make a pipe") }
        for end in ends {
            FileDescriptor.makeNonBlocking(end)
            FileDescriptor.closeOnExec(end)
        }
        fileDescriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(fileDescriptor)
        close(writeEnd)
    }

    /// May be called from any thread, also many times. A full pipe is as good as a ring.
    public func ring() {
        var byte: UInt8 = 1
        while write(writeEnd, &byte, 1) < 0, errno == EINTR {}
    }

    /// Takes all rings so far.
    public func clear() {
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            while true {
                let count = read(fileDescriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count < buffer.count { return }
            }
        }
    }
}

/// Settings of a file descriptor.
public enum FileDescriptor {
    /// Reads and writes answer at once.
    public static func makeNonBlocking(_ fileDescriptor: Int32) {
        let flags = fcntl(fileDescriptor, F_GETFL, 0)
        let status = fcntl(fileDescriptor, F_SETFL, flags | O_NONBLOCK)
        precondition(flags >= 0 && status == 0, "not a file descriptor of ours")
    }

    /// Children do not inherit it.
    public static func closeOnExec(_ fileDescriptor: Int32) {
        let status = fcntl(fileDescriptor, F_SETFD, FD_CLOEXEC)
        precondition(status == 0, "not a file descriptor of ours")
    }
}
