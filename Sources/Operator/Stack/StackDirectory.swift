import Glibc
import PrivateServers

/// Where a stack keeps everything: data, logs, addresses, who runs it.
struct StackDirectory: Equatable {
    static let defaultPath = ".cdb"

    /// Absolute.
    let path: String

    /// - Parameter path: relative to the working directory, or absolute.
    init(_ path: String) {
        let absolute = path.hasPrefix("/") ? path : Self.workingDirectory + "/" + path
        self.path = Files.absolute(absolute)
    }

    private static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    var environmentFile: String { "\(path)/stack.env" }
    /// Locked by the `cdb up` that runs, and holds its process id.
    var lockFile: String { "\(path)/up.pid" }
    /// There while the stack is ready.
    var readyFile: String { "\(path)/up.ready" }
    var redis: String { "\(path)/redis" }
    var postgres: String { "\(path)/postgres" }
    var logs: String { "\(path)/logs" }

    func log(_ name: String) -> String { "\(logs)/\(name).log" }

    /// Keeps the log of the run before under `NAME.log.1`.
    func rotateLog(_ name: String) {
        // A first run has nothing to keep; a rename that fails leaves one longer log.
        _ = rename(log(name), log(name) + ".1")
    }

    var exists: Bool { Files.exists(environmentFile) }

    func readEnvironment() throws -> StackEnvironment {
        StackEnvironment(text: String(decoding: try Files.read(environmentFile), as: UTF8.self))
    }
}
