public import CoreModels

/// Follows a move: BUY at or above `SIGNAL_THRESHOLD_PCT`, SELL at or below its negative, with at
/// least `SIGNAL_MIN_VOLUME` of turnover. confidence = min(|pct_change| ÷ 10, 1).
public struct MomentumV1: Strategy {
    public static let name = "momentum_v1"
    private static let changeOfFullConfidence = Ratio(10)
    /// 4 decimals: no wish is so weak that its confidence would be written as zero.
    private static let leastConfidence = Ratio(raw: FixedArithmetic.one / 10_000)

    private let thresholdPct: Ratio
    private let minVolume: Money

    public init(settings: SignalSettings) {
        thresholdPct = settings.thresholdPct
        minVolume = settings.minVolume
    }

    public func judge(_ data: borrowing MarketData) -> StrategyVerdict {
        let change = data.pctChange
        let calm = change < thresholdPct && change > -thresholdPct
        let isLow = data.volume < minVolume
        guard !calm, !isLow else { return .wait(calm: calm, lowVolume: isLow) }
        return .trade(change.isNegative ? .sell : .buy, confidence: confidence(of: change))
    }

    private func confidence(of change: Ratio) -> Ratio {
        guard change.magnitude < Self.changeOfFullConfidence else { return Ratio(1) }
        let tenth = Ratio(raw: FixedArithmetic.divide(change.magnitude.raw, by: 10, .nearest))
        return max(tenth.rounded(toDecimals: 4, .nearest), Self.leastConfidence)
    }

    public func reason(for data: borrowing MarketData) -> String {
        let sign = data.pctChange.isNegative ? "" : "+"
        let change = data.pctChange.text(decimals: 2, .nearest)
        let threshold = thresholdPct.text(decimals: 2, .nearest)
        let volume = data.volume.text(decimals: 0, .towardZero)
        return "Momentum \(sign)\(change)% in \(data.interval) (threshold \(threshold)%), "
            + "volume \(volume)"
    }
}
