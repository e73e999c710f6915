import CoreModels

/// The change of equity from one 00:00 UTC to the next, on the days the market has; the last one
/// ends with the data.
public struct DailyReturns: Equatable, Sendable {
    /// 0.01 = 1 %.
    public private(set) var values: [Double] = []
    private var day: Timestamp?
    private var start: Money

    init(initial: Money) { start = initial }

    mutating func take(dayStart: Money, at time: Timestamp) {
        let today = time.startOfDay
        guard let day else {
            day = today
            return
        }
        guard today > day else { return }
        end(dayStart)
        self.day = today
    }

    /// Ends the day with this equity.
    mutating func end(_ equity: Money) {
        guard day != nil, start.isPositive else { return }
        values.append(equity.double / start.double - 1)
        start = equity
    }

    private var mean: Double { values.reduce(0, +) / Double(values.count) }

    /// Mean ÷ standard deviation × √365 (this market never closes), nil below two days.
    public var sharpe: Double? {
        guard values.count >= 2 else { return nil }
        let mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Self.ratio(mean, squares / Double(values.count - 1))
    }

    /// As `sharpe`, with the deviation of the losses alone; nil without a loss too.
    public var sortino: Double? {
        guard values.count >= 2 else { return nil }
        let squares = values.reduce(0) { $0 + min($1, 0) * min($1, 0) }
        return Self.ratio(mean, squares / Double(values.count))
    }

    private static func ratio(_ mean: Double, _ variance: Double) -> Double? {
        variance > 0 ? mean / variance.squareRoot() * 365.0.squareRoot() : nil
    }
}
