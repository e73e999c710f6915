public import CoreModels

/// The numbers trading must stay within (docs/RISK.md). Shares: 0.05 = 5 %.
public struct RiskLimits: Equatable, Sendable {
    /// One position's value, share of the day's start equity: 0.01…0.25.
    public var maxPositionPct = Ratio(raw: 100_000_000_000_000_000)
    /// All positions and openings in flight, share of the day's start equity: 0.10…1.00.
    public var maxExposurePct = Ratio(raw: 500_000_000_000_000_000)
    /// Loss of the day that halts, share of the day's start equity: 0.01…0.20.
    public var maxDailyDrawdownPct = Ratio(raw: 50_000_000_000_000_000)
    /// Loss against the average entry that closes a position: 0.005…0.10.
    public var stopLossPct = Ratio(raw: 20_000_000_000_000_000)
    /// A fill's slippage that trips the breaker: 0.001…0.05.
    public var maxSlippagePct = Ratio(raw: 10_000_000_000_000_000)
    /// Spread against its median: 2…10.
    public var maxSpreadMultiplier = Ratio(5)
    /// (max − min) ÷ min over 300 s: 0.02…0.50.
    public var maxVolatility5mPct = Ratio(raw: 100_000_000_000_000_000)
    /// Seconds without market data that count as silence: 10…120; more on candle files.
    public var dataStaleTimeoutSec: Int64 = 30
    /// The smallest opening order: 1…1000.
    public var minOrderUSDT = Money(5)
    /// Positions and openings in flight: 1…100.
    public var maxOpenPositions = 10
    /// Cash at the first start: 100…1e9.
    public var initialCapital = Money(10_000)
    public var allowShort = false
    /// Basis points a paper fill may cost; they enter the cash a buy needs.
    public var paperFeeBps = Ratio(10)
    public var paperSlippageBps = Ratio(5)
    public var paperSpreadBps = Ratio(2)
    /// Seconds between two retries of the circuit breaker.
    public var circuitBreakerRetrySec: Int64 = 60
    /// Failed retries after which the breaker halts.
    public var circuitBreakerMaxRetries = 10
    /// Committed orders execution may be behind: 10…1e6.
    public var backpressureMaxLag = 1000

    public init() {}

    public static let `default` = RiskLimits()
}

extension RiskLimits {
    /// Milliseconds without market data after which (one more) it is stale.
    var staleAfter: Int64 { dataStaleTimeoutSec * 1000 }

    public var breakerRetryAfter: Int64 { circuitBreakerRetrySec * 1000 }

    /// A buy's notional with the worst fee, slippage and spread; nil on overflow.
    public func cashNeeded(_ notional: Money) -> Money? {
        let bps = paperFeeBps + paperSlippageBps + paperSpreadBps
        return FixedArithmetic.multiplyThenDivide(
            notional.raw, bps.raw, by: 10_000 * FixedArithmetic.one, .awayFromZero
        ).flatMap { notional.adding(Money(raw: $0)) }
    }

    /// A share of an amount, rounded so that the limit is never exceeded.
    func share(_ ratio: Ratio, of amount: Money) -> Money {
        amount.scaled(by: ratio, .towardZero) ?? .zero
    }

    /// The loss at which a position is closed.
    func lossLimit(of position: Position) -> Money {
        share(stopLossPct, of: position.cost.magnitude)
    }

    /// The limits as `/status` shows them.
    var values: [Value.Member] {
        [
            .init("MAX_POSITION_PCT", .number(maxPositionPct)),
            .init("MAX_EXPOSURE_PCT", .number(maxExposurePct)),
            .init("MAX_DAILY_DRAWDOWN_PCT", .number(maxDailyDrawdownPct)),
            .init("STOP_LOSS_PCT", .number(stopLossPct)),
            .init("MAX_SLIPPAGE_PCT", .number(maxSlippagePct)),
            .init("MAX_SPREAD_MULTIPLIER", .number(maxSpreadMultiplier)),
            .init("MAX_VOLATILITY_5M_PCT", .number(maxVolatility5mPct)),
            .init("DATA_STALE_TIMEOUT_SEC", .integer(dataStaleTimeoutSec)),
            .init("MIN_ORDER_USDT", .number(minOrderUSDT)),
            .init("MAX_OPEN_POSITIONS", .integer(Int64(maxOpenPositions))),
            .init("INITIAL_CAPITAL", .number(initialCapital)),
            .init("ALLOW_SHORT", .flag(allowShort)),
            .init("PAPER_FEE_BPS", .number(paperFeeBps)),
            .init("PAPER_SLIPPAGE_BPS", .number(paperSlippageBps)),
            .init("PAPER_SPREAD_BPS", .number(paperSpreadBps)),
            .init("CIRCUIT_BREAKER_RETRY_SEC", .integer(circuitBreakerRetrySec)),
            .init("CIRCUIT_BREAKER_MAX_RETRIES", .integer(Int64(circuitBreakerMaxRetries))),
            .init("BACKPRESSURE_MAX_LAG", .integer(Int64(backpressureMaxLag))),
        ]
    }
}
