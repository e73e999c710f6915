import Glibc
import PrivateServers

/// A fresh directory that is erased with this object. Servers in it must be stopped before.
public final class TemporaryDirectory: Sendable {
    /// Absolute and short enough for Unix sockets; passable for every account.
    public let path: String

    public init() throws {
        var template = Array("/tmp/cdb-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw PrivateServerError.fileFailed(
                path: "/tmp", reason: String(cString: strerror(errno)))
        }
        let made = template.withUnsafeBufferPointer { text in
            text.baseAddress.map { String(cString: $0) } ?? ""
        }
        chmod(made, 0o755)
        path = made
    }

    deinit {
        Files.removeTree(path)
    }

    public func file(_ name: String) -> String { "\(path)/\(name)" }
}
