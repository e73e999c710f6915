import Glibc
import Ledger
import PrivateServers
import Synchronization
import TestKit

/// A real Redis and a real Postgres that only these tests use, because they stop and kill them. Each
/// test gets a database of its own.
final class Servers: Sendable {
    let redis: PrivateRedis
    let postgres: PrivatePostgres
    private let directory: TemporaryDirectory
    private let databases = Mutex(0)

    /// The pair that the tests of this process share.
    static func shared() throws -> Servers {
        try once.withLock { once in
            if let once { return once }
            let directory = try TemporaryDirectory()
            let servers = try Servers(directory, postgres: directory.file("postgres"))
            once = servers
            return servers
        }
    }

    private static let once = Mutex<Servers?>(nil)
    private static let template = "cdb_template"

    /// - Parameter postgres: the directory of Postgres, which may lie elsewhere.
    init(
        _ directory: TemporaryDirectory, postgres home: String, settings: [String: String] = [:]
    ) throws {
        self.directory = directory
        redis = try PrivateRedis.start(
            directory: directory.file("redis"), password: "redis secret")
        // A killed server loses nothing that the kernel has; only fsync is left out.
        postgres = try PrivatePostgres.start(
            directory: home, password: "postgres secret",
            settings: [
                "fsync": "off", "full_page_writes": "off", "max_connections": "60",
            ].merging(settings) { $1 })
        try postgres.execute("CREATE DATABASE \(Self.template)")
        let connection = try PostgresConnection(self.settings(Self.template))
        _ = try Migrations.apply(connection)
        connection.close()
    }

    /// The name of a new database with the schema, or with all that another one holds.
    func freshDatabase(copying source: String = Servers.template) throws -> String {
        let name = databases.withLock { count in
            count += 1
            return "end_to_end_\(count)"
        }
        try postgres.execute("CREATE DATABASE \(name) TEMPLATE \(source)")
        return name
    }

    func settings(_ database: String) -> PostgresSettings {
        PostgresSettings(
            host: "127.0.0.1", port: Int(postgres.port), user: postgres.user,
            password: postgres.password, database: database, applicationName: "tests")
    }

    /// Brings both back, whatever a test did to them.
    func revive() throws {
        redis.signal(SIGCONT)
        postgres.signal(SIGCONT)
        if !redis.isRunning { try redis.restart() }
        if !postgres.isRunning { try postgres.restart() }
    }

    /// A command to Redis as a person gives it.
    @discardableResult
    func redisCommand(_ words: String...) throws -> String {
        var command = Command(
            "redis-cli", ["-h", "127.0.0.1", "-p", "\(redis.port)"] + words,
            environment: ["PATH": "/usr/bin:/bin", "REDISCLI_AUTH": redis.password])
        command.output = .pipe
        let process = try ChildProcess.start(command)
        let text = String(decoding: process.readOutput(), as: UTF8.self)
        let status = process.stop(seconds: 20)
        guard status.isSuccess, !text.hasPrefix("ERR") else {
            throw PrivateServerError.ended(server: "redis-cli", status: "\(status)", log: text)
        }
        return text
    }
}
