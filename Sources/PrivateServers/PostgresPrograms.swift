import Glibc

/// Finds the directory with Postgres' server programs.
enum PostgresPrograms {
    static let oldestVersion = 15

    /// The newest of Debian's versions, else where `postgres` in `PATH` lies.
    static func find() throws(PrivateServerError) -> String {
        let root = "/usr/lib/postgresql"
        let versions = Files.entries(of: root).compactMap { Int($0) }.filter { $0 >= oldestVersion }
        for version in versions.sorted(by: >) {
            let directory = "\(root)/\(version)/bin"
            if access("\(directory)/initdb", X_OK) == 0 { return directory }
        }
        let program = Files.absolute(try Program.find("postgres", package: "postgresql"))
        return program.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    }
}
