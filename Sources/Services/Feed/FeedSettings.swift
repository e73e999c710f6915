import CoreModels
import MarketSources
import RedisBus
import ServiceKit

/// What the loop of a feed is told.
struct FeedSettings: Sendable {
    var service: FeedService
    var redis: RedisSettings
    var market: LiveSettings
    /// `MEXC_WS_URL`, with its path.
    var webSocketURL: String
    /// `MEXC_REST_URL`: scheme and host.
    var restURL: String
    /// `DATA_STALE_TIMEOUT_SEC` in milliseconds.
    var staleTimeout: Int64
    /// How long a start waits for Redis, in milliseconds.
    var startupTimeout: Int64
    /// All that was configured, secrets left out: travels in `health` to the table of parameters.
    var parameters: [Value.Member]
    /// Which of them the environment gave.
    var given: [String]

    init(_ configuration: Configuration, _ service: FeedService) {
        self.service = service
        redis = configuration.redisSettings
        market = LiveSettings(
            screener: configuration.screenerSettings, source: service.source,
            clock: configuration.text("CDB_CLOCK") == "market" ? .market : .wall)
        webSocketURL = configuration.text("MEXC_WS_URL")
        restURL = configuration.text("MEXC_REST_URL")
        staleTimeout = Int64(configuration.integer("DATA_STALE_TIMEOUT_SEC")) * 1000
        startupTimeout = Int64(configuration.integer("STARTUP_TIMEOUT_SEC")) * 1000
        parameters = configuration.described
        given = parameters.map(\.name).filter(configuration.isGiven)
    }
}
