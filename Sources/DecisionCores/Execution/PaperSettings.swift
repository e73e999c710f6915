public import CoreModels

/// What cdb_execution is told by the configuration. One basis point is 0.01 %.
public struct PaperSettings: Equatable, Sendable {
    /// `PAPER_SLIPPAGE_BPS`: against the trader, on every fill.
    public var slippageBps: Ratio
    /// `PAPER_SPREAD_BPS`: assumed between bid and ask where there is no book.
    public var spreadBps: Ratio
    /// `PAPER_FEE_BPS`: of the filled notional.
    public var feeBps: Ratio
    /// `PAPER_LATENCY_MS`: above 0 an order waits for the first quote that long after its decision.
    public var latencyMs: Int64
    /// `PAPER_REJECT_RATE`: share of orders rejected for tests, 0…1.
    public var rejectRate: Ratio
    /// `DATA_STALE_TIMEOUT_SEC`: no fill against an older quote.
    public var dataStaleTimeoutSec: Int

    public init(
        slippageBps: Ratio = Ratio(5), spreadBps: Ratio = Ratio(2), feeBps: Ratio = Ratio(10),
        latencyMs: Int64 = 0, rejectRate: Ratio = .zero, dataStaleTimeoutSec: Int = 30
    ) {
        self.slippageBps = slippageBps
        self.spreadBps = spreadBps
        self.feeBps = feeBps
        self.latencyMs = latencyMs
        self.rejectRate = rejectRate
        self.dataStaleTimeoutSec = dataStaleTimeoutSec
    }

    public static let `default` = PaperSettings()
}
