internal import CoreModels
public import DecisionCores
public import ServiceKit

// What the cores are told, from the configuration. A service may only ask for its own core's
// settings; the operator's command may ask for all.
extension Configuration {
    /// For cdb_core.
    public var signalSettings: SignalSettings {
        SignalSettings(
            thresholdPct: decimal("SIGNAL_THRESHOLD_PCT"), minVolume: decimal("SIGNAL_MIN_VOLUME"),
            cooldownSec: integer("SIGNAL_COOLDOWN_SEC"))
    }

    /// For cdb_risk.
    ///
    /// - Parameter candleSeconds: length of the candles a replay plays, 0 without: data is stale
    ///   after twice as long at the earliest.
    public func riskLimits(candleSeconds: Int = 0) -> RiskLimits {
        var limits = RiskLimits()
        limits.maxPositionPct = decimal("MAX_POSITION_PCT")
        limits.maxExposurePct = decimal("MAX_EXPOSURE_PCT")
        limits.maxDailyDrawdownPct = decimal("MAX_DAILY_DRAWDOWN_PCT")
        limits.stopLossPct = decimal("STOP_LOSS_PCT")
        limits.maxSlippagePct = decimal("MAX_SLIPPAGE_PCT")
        limits.maxSpreadMultiplier = decimal("MAX_SPREAD_MULTIPLIER")
        limits.maxVolatility5mPct = decimal("MAX_VOLATILITY_5M_PCT")
        limits.dataStaleTimeoutSec = Int64(staleTimeout(candleSeconds))
        limits.minOrderUSDT = decimal("MIN_ORDER_USDT")
        limits.maxOpenPositions = integer("MAX_OPEN_POSITIONS")
        limits.initialCapital = decimal("INITIAL_CAPITAL")
        limits.allowShort = flag("ALLOW_SHORT")
        limits.paperFeeBps = decimal("PAPER_FEE_BPS")
        limits.paperSlippageBps = decimal("PAPER_SLIPPAGE_BPS")
        limits.paperSpreadBps = decimal("PAPER_SPREAD_BPS")
        limits.circuitBreakerRetrySec = Int64(integer("CIRCUIT_BREAKER_RETRY_SEC"))
        limits.circuitBreakerMaxRetries = integer("CIRCUIT_BREAKER_MAX_RETRIES")
        limits.backpressureMaxLag = integer("BACKPRESSURE_MAX_LAG")
        return limits
    }

    /// For cdb_execution; `candleSeconds` as in `riskLimits`.
    public func paperSettings(candleSeconds: Int = 0) -> PaperSettings {
        PaperSettings(
            slippageBps: decimal("PAPER_SLIPPAGE_BPS"), spreadBps: decimal("PAPER_SPREAD_BPS"),
            feeBps: decimal("PAPER_FEE_BPS"), latencyMs: Int64(integer("PAPER_LATENCY_MS")),
            rejectRate: decimal("PAPER_REJECT_RATE"),
            dataStaleTimeoutSec: staleTimeout(candleSeconds))
    }

    /// For feeds and replays; words of `SYMBOL_WHITELIST` that are no symbol are left out.
    public var screenerSettings: ScreenerSettings {
        ScreenerSettings(
            lookbackMinutes: integer("LOOKBACK_MINUTES"),
            whitelist: list("SYMBOL_WHITELIST").compactMap { Symbol($0) }, topN: integer("TOP_N"))
    }

    private func staleTimeout(_ candleSeconds: Int) -> Int {
        max(integer("DATA_STALE_TIMEOUT_SEC"), 2 * candleSeconds)
    }
}
