import Glibc

/// Finds installed programs.
public enum Program {
    private static let systemDirectories = [
        "/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin",
    ]

    /// The absolute path of a program: itself when it has a slash, else from `PATH`, else from the
    /// system's directories (an account's `PATH` may lack the sbin ones).
    /// - Parameter package: the Debian package to name when it is missing.
    public static func find(
        _ name: String, package: String
    ) throws(PrivateServerError) -> String {
        if name.contains("/") {
            guard access(name, X_OK) == 0 else {
                throw .spawnFailed(program: name, reason: Files.reason())
            }
            return name
        }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        for directory in path.split(separator: ":").map(String.init) + systemDirectories {
            let candidate = "\(directory)/\(name)"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw .programMissing(name: name, package: package)
    }
}
