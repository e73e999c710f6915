/// Why a private server or child process could not be started or stopped. Holds no secrets.
public enum PrivateServerError: Error, Equatable, CustomStringConvertible {
    /// A program is not installed.
    case programMissing(name: String, package: String)
    /// The kernel refused to start a program.
    case spawnFailed(program: String, reason: String)
    /// A file or directory could not be made, read or written.
    case fileFailed(path: String, reason: String)
    /// Another program listens on the port.
    case portTaken(port: UInt16, server: String)
    /// No free port was found.
    case noFreePort
    /// The server of an earlier run still holds its directory and did not end.
    case stillRunning(server: String, directory: String)
    /// The server ended instead of becoming ready.
    case ended(server: String, status: String, log: String)
    /// The server lives but did not answer in time.
    case notReady(server: String, seconds: Int, log: String)
    /// A value may not stand in a server's configuration.
    case badValue(name: String, reason: String)
    /// Root may not run Postgres, and there is nobody to run it as.
    case noUnprivilegedAccount

    public var description: String {
        switch self {
        case .programMissing(let name, let package):
            "\(name) is not installed; remedy: apt-get install \(package)"
        case .spawnFailed(let program, let reason): "cannot start \(program): \(reason)"
        case .fileFailed(let path, let reason): "\(path): \(reason)"
        case .portTaken(let port, let server):
            "port \(port) for \(server) is taken by another program;"
                + " stop that one or choose another port base"
        case .noFreePort: "no free port found on 127.0.0.1"
        case .stillRunning(let server, let directory):
            "the \(server) of an earlier run still uses \(directory) and does not end;"
                + " end it by hand"
        case .ended(let server, let status, let log):
            "\(server) ended at its start (\(status)); its log ends with:\n\(log)"
        case .notReady(let server, let seconds, let log):
            "\(server) did not answer within \(seconds) s; its log ends with:\n\(log)"
        case .badValue(let name, let reason): "\(name) \(reason)"
        case .noUnprivilegedAccount:
            "Postgres refuses to run as root, and there is neither an account postgres nor nobody;"
                + " remedy: useradd --system postgres"
        }
    }
}
