import CoreModels
import Glibc

/// Statistics over equity for the metrics: peak and fall since the process began, and the daily
/// returns of the last 30 days it has seen.
struct EquityRecord {
    private var peak: Double
    private(set) var maximumDrawdownPct = 0.0
    private var day: Int64?
    private var dayStart: Double
    private var latest: Double
    private var returns: [Double] = []

    init(initial: Money) {
        peak = initial.double
        dayStart = peak
        latest = peak
    }

    mutating func take(_ equity: Money) {
        latest = equity.double
        peak = max(peak, latest)
        if peak > 0 { maximumDrawdownPct = max(maximumDrawdownPct, (peak - latest) / peak * 100) }
    }

    /// An account event carries the market's time, which closes the days.
    mutating func take(_ account: Account) {
        take(account.equity)
        let today = account.timestamp.startOfDay.milliseconds
        if let day, today > day, dayStart > 0 {
            returns.append(account.dayStartEquity.double / dayStart - 1)
            if returns.count > 30 { returns.removeFirst() }
        }
        if day != today {
            day = today
            dayStart = account.dayStartEquity.double
        }
    }

    /// Mean over standard deviation of the daily returns × √365 (this market never closes).
    var sharpeRatio: Double {
        guard returns.count >= 2 else { return 0 }
        let mean = returns.reduce(0, +) / Double(returns.count)
        let variance =
            returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(returns.count - 1)
        return variance > 0 ? mean / variance.squareRoot() * 365.0.squareRoot() : 0
    }

    /// The loss in percent that one day in twenty exceeded; never negative.
    var valueAtRiskPct: Double {
        guard returns.count >= 2 else { return 0 }
        let sorted = returns.sorted()
        return max(0, -sorted[Int(Double(sorted.count) * 0.05)] * 100)
    }
}
