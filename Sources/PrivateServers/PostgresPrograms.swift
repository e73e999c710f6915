import Glibc

/// Finds Postgres' programs.
public enum PostgresPrograms {
    static let oldestVersion = 15

    /// The directory of the server's programs: the newest of Debian's versions, else where
    /// `postgres` in `PATH` lies.
    public static func find() throws(PrivateServerError) -> String {
        if let directory = newestDirectory(with: "initdb") { return directory }
        let program = Files.absolute(try Program.find("postgres", package: "postgresql"))
        return program.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    }

    /// The path of a client's program, such as `pg_dump`: the newest of Debian's versions, else
    /// that in `PATH`.
    public static func path(of name: String) throws(PrivateServerError) -> String {
        if let directory = newestDirectory(with: name) { return "\(directory)/\(name)" }
        return try Program.find(name, package: "postgresql-client")
    }

    private static func newestDirectory(with name: String) -> String? {
        let root = "/usr/lib/postgresql"
        let versions = Files.entries(of: root).compactMap { Int($0) }.filter { $0 >= oldestVersion }
        return versions.sorted(by: >).map { "\(root)/\($0)/bin" }
            .first { access("\($0)/\(name)", X_OK) == 0 }
    }
}
