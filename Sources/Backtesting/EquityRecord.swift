public import CoreModels
import DecisionCores

/// Equity over time as the account events tell it, once a minute of market time and after each
/// fill: drawdown, daily returns, exposure, and a curve of bounded length.
public struct EquityRecord: Equatable, Sendable {
    /// The deepest fall from a peak.
    public struct Drawdown: Equatable, Sendable {
        public var peak: Money
        public var low: Money
        public var peakAt: Timestamp
        public var lowAt: Timestamp

        /// Of the peak, in percent with 6 decimals.
        public var percent: Ratio {
            FixedArithmetic.multiplyThenDivide(
                (peak - low).raw, 100 * FixedArithmetic.one, by: peak.raw, .nearest
            ).map { Ratio(raw: $0).rounded(toDecimals: 6, .nearest) } ?? .zero
        }
    }

    public let initial: Money
    public private(set) var last: Money
    public private(set) var drawdown: Drawdown?
    public private(set) var curve = EquityCurve()
    public private(set) var returns: DailyReturns
    public private(set) var exposure = ExposureRecord()
    private var peak: Money
    private var peakAt: Timestamp?
    private var deepest = 0.0

    init(initial: Money) {
        self.initial = initial
        last = initial
        peak = initial
        returns = DailyReturns(initial: initial)
    }

    mutating func take(_ account: AccountSample) {
        take(account.equity, dayStart: account.dayStartEquity, at: account.timestamp)
        let share =
            account.exposure.isPositive && account.equity.isPositive
            ? account.exposure.double / account.equity.double : 0
        exposure.take(share, at: account.timestamp)
        returns.take(dayStart: account.dayStartEquity, at: account.timestamp)
    }

    mutating func end(_ equity: Money, at now: Timestamp) {
        take(equity, dayStart: equity, at: now)
        returns.end(equity)
        exposure.end(at: now)
    }

    private mutating func take(_ equity: Money, dayStart: Money, at time: Timestamp) {
        last = equity
        let highest = max(equity, dayStart)
        if highest > peak || peakAt == nil {
            peak = max(highest, peak)
            peakAt = time
        }
        var fallen = 0.0
        if equity < peak, peak.isPositive {
            fallen = (peak - equity).double / peak.double
            if fallen > deepest {
                deepest = fallen
                drawdown = Drawdown(
                    peak: peak, low: equity, peakAt: peakAt ?? time, lowAt: time)
            }
        }
        curve.add(equity, drawdown: fallen, at: time)
    }
}

/// How much of equity was at work.
public struct ExposureRecord: Equatable, Sendable {
    /// Largest share of equity, 0.5 = 50 %.
    public private(set) var largest = 0.0
    private var shareTime = 0.0
    private var marketTime: Int64 = 0
    private var totalTime: Int64 = 0
    private var latest: (share: Double, time: Timestamp)?

    public static func == (left: Self, right: Self) -> Bool {
        (left.largest, left.shareTime, left.marketTime, left.totalTime)
            == (right.largest, right.shareTime, right.marketTime, right.totalTime)
    }

    /// Share of equity at work, averaged over time.
    public var average: Double { totalTime > 0 ? shareTime / Double(totalTime) : 0 }
    /// Share of the time with a position or an opening order.
    public var timeInMarket: Double {
        totalTime > 0 ? Double(marketTime) / Double(totalTime) : 0
    }

    mutating func take(_ share: Double, at time: Timestamp) {
        end(at: time)
        largest = max(largest, share)
        latest = (share, time)
    }

    mutating func end(at time: Timestamp) {
        guard let latest else { return }
        let length = max(0, time.since(latest.time))
        totalTime += length
        shareTime += latest.share * Double(length)
        if latest.share > 0 { marketTime += length }
        self.latest = (latest.share, time)
    }
}
