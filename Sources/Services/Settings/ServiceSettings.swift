public import CoreModels
public import Ledger
public import RedisBus
public import ServiceKit

/// What the loop of a service is told, beside its core's settings.
public struct ServiceSettings: Sendable {
    public var redis: RedisSettings
    public var postgres: PostgresSettings
    /// `CDB_CLOCK=market`: now is the highest timestamp of the feed.
    public var marketClock: Bool
    /// Messages made by hand on `signals` are adopted.
    public var allowInject: Bool
    /// How long a start waits for its servers, in milliseconds.
    public var startupTimeout: Int64
    /// All that was configured, secrets left out: travels in `health` to the table of parameters.
    public var parameters: [Value.Member]
    /// Which of them the environment gave.
    public var given: [String]

    public init(_ configuration: Configuration) {
        redis = configuration.redisSettings
        postgres = configuration.postgresSettings
        let service = configuration.service
        // The writer decides nothing, so it has no clock of its own.
        marketClock =
            service != Service.writer.rawValue && configuration.text("CDB_CLOCK") == "market"
        allowInject = service == Service.core.rawValue && configuration.flag("ALLOW_INJECT")
        startupTimeout = Int64(configuration.integer("STARTUP_TIMEOUT_SEC")) * 1000
        parameters = configuration.described
        given = parameters.map(\.name).filter(configuration.isGiven)
    }
}

extension Configuration {
    public var redisSettings: RedisSettings {
        RedisSettings(
            host: text("REDIS_HOST"), port: integer("REDIS_PORT"),
            socketPath: optionalText("REDIS_SOCKET"), user: optionalText("REDIS_USER"),
            password: optionalText("REDIS_PASSWORD"), database: integer("REDIS_DB"))
    }

    public var postgresSettings: PostgresSettings {
        PostgresSettings(
            host: text("POSTGRES_HOST"), port: integer("POSTGRES_PORT"),
            user: text("POSTGRES_USER"), password: text("POSTGRES_PASSWORD"),
            database: text("POSTGRES_DB"), applicationName: service)
    }
}
