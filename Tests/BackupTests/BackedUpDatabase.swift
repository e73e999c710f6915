import Ledger
import PrivateServers
import TestKit

/// A database that the environment names, as in containers.
struct BackedUpDatabase {
    let name: String
    let environment: [String: String]

    /// - Parameter redisPort: nil is that of the Redis of all tests.
    init(redisPort: UInt16? = nil) throws {
        name = try SharedServers.freshDatabase()
        let postgres = try SharedServers.postgres()
        let redis = try SharedServers.redis()
        environment = [
            "POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "\(postgres.port)",
            "POSTGRES_USER": postgres.user, "POSTGRES_PASSWORD": postgres.password,
            "POSTGRES_DB": name, "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": "\(redisPort ?? redis.port)", "REDIS_PASSWORD": redis.password,
            "MEXC_WS_URL": "wss://me:hidden@example.org/edge", "LOOKBACK_MINUTES": "7",
        ]
    }

    func connect() throws -> PostgresConnection {
        let postgres = try SharedServers.postgres()
        return try PostgresConnection(
            PostgresSettings(
                host: "127.0.0.1", port: Int(postgres.port), user: postgres.user,
                password: postgres.password, database: name, applicationName: "a test"))
    }

    @discardableResult
    func cdb(_ words: String..., expecting code: Int32 = 0) throws -> String {
        try OperatedStack.cdb(words, environment, expecting: code).output
    }

    /// The schema, and state of a service: not empty any more.
    func fill() throws {
        _ = try Migrations.apply(connect())
        try SharedServers.postgres().execute(
            "INSERT INTO service_state VALUES ('cdb_risk', 'halt', 1, '{}')", database: name)
    }
}
