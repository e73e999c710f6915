import Glibc

/// The few file operations that starting servers needs. Paths are absolute.
public enum Files {
    /// What the last system call complained of.
    static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

    /// Makes a directory and its parents, each with `mode` if it is new.
    public static func makeDirectory(_ path: String, mode: UInt32) throws(PrivateServerError) {
        var current = ""
        for part in path.split(separator: "/") {
            current += "/\(part)"
            guard mkdir(current, mode) != 0, errno != EEXIST else { continue }
            throw .fileFailed(path: current, reason: "cannot make directory: \(reason())")
        }
    }

    /// Replaces a file's contents; a new file gets mode 0600.
    public static func write(_ text: String, to path: String) throws(PrivateServerError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .fileFailed(path: path, reason: reason()) }
        defer { close(file) }
        guard write(all: Array(text.utf8), to: file) else {
            throw .fileFailed(path: path, reason: reason())
        }
    }

    /// The whole file.
    public static func read(_ path: String) throws(PrivateServerError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .fileFailed(path: path, reason: reason()) }
        defer { close(file) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count > 0 { contents += chunk[..<count] }
            if count == 0 { return contents }
            if count < 0, errno != EINTR { throw .fileFailed(path: path, reason: reason()) }
        }
    }

    /// The last lines of a log, for an error message; empty when there is none.
    public static func tail(_ path: String, lines: Int = 10) -> String {
        guard let contents = try? read(path) else {
            return ""  // No log is no news; the caller has the real error.
        }
        let all = contents.split(separator: UInt8(ascii: "\n")).suffix(lines)
        return all.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }

    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The path with links and `..` resolved; the path itself when it does not exist.
    public static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Erases a directory and everything in it; links are removed, not followed.
    public static func removeTree(_ path: String) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in entries(of: path) { removeTree("\(path)/\(name)") }
        rmdir(path)
    }

    /// The names in a directory without `.` and `..`; empty when it cannot be read.
    public static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// A pipe that children do not inherit by themselves.
    static func makePipe() -> (readEnd: Int32, writeEnd: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    static func write(all bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) }
            if count < 0, errno != EINTR { return false }
        }
        return true
    }
}
