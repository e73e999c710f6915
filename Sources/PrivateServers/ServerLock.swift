import Glibc

/// A file lock that a server inherits and holds for as long as it or a child of it lives.
///
/// So "does the server of an earlier run still live?" has an exact answer, however that run ended,
/// and a process id from the file is only signalled when the lock proves that it is meant.
struct ServerLock: ~Copyable {
    let descriptor: Int32

    /// Takes the lock; a server of an earlier run that still holds it is stopped first.
    init(path: String, server: String, stopSignal: Int32) throws(PrivateServerError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .fileFailed(path: path, reason: Files.reason()) }
        for (signal, seconds) in [(0, 0.0), (stopSignal, 10.0), (SIGKILL, 10.0)] {
            if signal != 0, let holder = Self.holder(path) { kill(holder, signal) }
            if Self.take(descriptor, within: Deadline(seconds: seconds)) {
                ftruncate(descriptor, 0)
                return
            }
        }
        throw .stillRunning(server: server, directory: path)
    }

    deinit {
        close(descriptor)
    }

    /// Notes whom the lock was handed to.
    func handOver(to process: Int32) {
        _ = Files.write(all: Array("\(process)\n".utf8), to: descriptor)
    }

    /// Waits until nobody holds the lock: a killed server's own children take a moment to end.
    static func waitUntilFree(_ path: String, seconds: Double) -> Bool {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return true }
        defer { close(file) }
        return take(file, within: Deadline(seconds: seconds))
    }

    private static func take(_ file: Int32, within deadline: Deadline) -> Bool {
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if deadline.hasPassed { return false }
            deadline.pause()
        }
        return true
    }

    private static func holder(_ path: String) -> Int32? {
        guard let bytes = try? Files.read(path) else {
            return nil  // Unreadable: the caller reports that it still runs.
        }
        let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard let process = Int32(text), process > 1 else { return nil }
        return process
    }
}
