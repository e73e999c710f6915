import Ledger
import PrivateServers

extension StackAddress {
    /// Lends a session with the stack's database. A stack of `cdb up` that does not run gets its
    /// Postgres started for as long.
    func withDatabase<Result>(
        _ body: (PostgresConnection) throws -> Result
    ) throws -> Result {
        let settings = try postgres()
        guard let directory, StackLock.holder(directory) == nil else {
            return try body(PostgresConnection(settings))
        }
        let lock = try StackLock.take(directory)
        defer { lock.release() }
        let server = try PrivatePostgres.start(
            directory: directory.postgres, port: UInt16(settings.port), user: settings.user,
            password: settings.password)
        defer { server.stop() }
        return try body(PostgresConnection(settings))
    }
}
