import Glibc
import PrivateServers

/// One `cdb up` per directory: a file lock that ends with the process, and its id for `cdb down`.
final class StackLock {
    /// -1 once it is given back.
    private var descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { release() }

    /// Gives the directory back; harmless when done twice.
    func release() {
        guard descriptor >= 0 else { return }
        ftruncate(descriptor, 0)
        close(descriptor)
        descriptor = -1
    }

    /// - Throws: `CommandFailure` when another `cdb up` runs there.
    static func take(_ directory: StackDirectory) throws(CommandFailure) -> StackLock {
        let path = directory.lockFile
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed("\(path): \(String(cString: strerror(errno)))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let holder = read(directory).map { "process \($0)" } ?? "another process"
            throw .failed(
                "\(directory.path) is in use by cdb up, \(holder); "
                    + "cdb down --dir \(directory.path) stops it")
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        return StackLock(descriptor: descriptor)
    }

    /// Who runs a stack there; nil when nobody does.
    static func holder(_ directory: StackDirectory) -> pid_t? {
        let descriptor = open(directory.lockFile, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return nil }
        return read(directory)
    }

    private static func read(_ directory: StackDirectory) -> pid_t? {
        guard let bytes = try? Files.read(directory.lockFile) else {
            return nil  // Gone in this moment: nobody to name.
        }
        let digits = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return pid_t(String(decoding: digits, as: UTF8.self)).flatMap { $0 > 1 ? $0 : nil }
    }
}
