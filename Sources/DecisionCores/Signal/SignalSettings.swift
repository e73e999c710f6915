public import CoreModels

/// What cdb_core is told by the configuration.
public struct SignalSettings: Equatable, Sendable {
    /// `SIGNAL_THRESHOLD_PCT`: percent over the lookback window, 0.01…50.
    public var thresholdPct: Ratio
    /// `SIGNAL_MIN_VOLUME`: quote turnover within the lookback window, 0…10¹².
    public var minVolume: Money
    /// `SIGNAL_COOLDOWN_SEC`: seconds of exchange time, 0…86400.
    public var cooldownSec: Int
    /// A name of `StrategyRegistry`.
    public var strategy: String

    public init(
        thresholdPct: Ratio = Ratio(3), minVolume: Money = Money(100_000), cooldownSec: Int = 60,
        strategy: String = MomentumV1.name
    ) {
        self.thresholdPct = thresholdPct
        self.minVolume = minVolume
        self.cooldownSec = cooldownSec
        self.strategy = strategy
    }

    public static let `default` = SignalSettings()
}
