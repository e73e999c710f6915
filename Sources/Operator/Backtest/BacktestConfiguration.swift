import Backtesting
import CoreModels
import DecisionCores
import ServiceKit
import Services

/// The settings of a backtest: the environment's, over it what `--set` says, and on candle files the
/// same two defaults as in a replay.
struct BacktestConfiguration {
    let settings: BacktestSettings
    let configuration: Configuration

    /// - Throws: `CommandFailure.wrongUse` with everything that is wrong.
    init(
        _ environment: [String: String], overrides: [String: String], market: BacktestMarket
    ) throws(CommandFailure) {
        var variables = environment.filter { Self.isKnown($0.key) }.merging(overrides) { $1 }
        // The price that led to a decision must not fill it.
        if market.hasCandles, variables["PAPER_LATENCY_MS", default: ""].isEmpty {
            variables["PAPER_LATENCY_MS"] = "1"
        }
        configuration = Configuration(overrides: variables)
        guard configuration.problems.isEmpty else {
            throw .wrongUse(configuration.problems.joined(separator: "; "))
        }
        let candleSeconds = Int((market.longestInterval + 999) / 1000)
        var screener = configuration.screenerSettings
        screener.takesEveryQuote = true
        settings = BacktestSettings(
            screener: screener, signal: configuration.signalSettings,
            risk: configuration.riskLimits(candleSeconds: candleSeconds),
            paper: configuration.paperSettings(candleSeconds: candleSeconds))
    }

    /// What decides, as it is in force, in the order of docs/CONFIGURATION.md.
    var parameters: [Value.Member] {
        configuration.described.filter { Self.names.contains($0.name) }.map { given in
            // Candles make it longer.
            given.name == "DATA_STALE_TIMEOUT_SEC"
                ? .init(given.name, .integer(settings.risk.dataStaleTimeoutSec)) : given
        }
    }

    private static let names = [
        "SYMBOL_WHITELIST", "LOOKBACK_MINUTES", "TOP_N", "SIGNAL_THRESHOLD_PCT",
        "SIGNAL_MIN_VOLUME", "SIGNAL_COOLDOWN_SEC", "MAX_POSITION_PCT", "MAX_EXPOSURE_PCT",
        "MAX_DAILY_DRAWDOWN_PCT", "STOP_LOSS_PCT", "MAX_SLIPPAGE_PCT", "MAX_SPREAD_MULTIPLIER",
        "MAX_VOLATILITY_5M_PCT", "DATA_STALE_TIMEOUT_SEC", "MIN_ORDER_USDT", "MAX_OPEN_POSITIONS",
        "INITIAL_CAPITAL", "CIRCUIT_BREAKER_RETRY_SEC", "CIRCUIT_BREAKER_MAX_RETRIES",
        "ALLOW_SHORT", "BACKPRESSURE_MAX_LAG", "PAPER_SLIPPAGE_BPS", "PAPER_SPREAD_BPS",
        "PAPER_FEE_BPS", "PAPER_LATENCY_MS", "PAPER_REJECT_RATE",
    ]

    /// What the environment says of servers and secrets does not concern a backtest.
    private static func isKnown(_ name: String) -> Bool {
        let isOld = ConfigurationTable.oldNames.contains { $0.old == name }
        return isOld || ConfigurationTable.variable(name).map { $0.kind != .secret } ?? false
    }
}
