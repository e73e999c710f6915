public import CoreModels

/// Equity over time in at most `limit` points: when there are more, each two become one and the
/// steps twice as long.
public struct EquityCurve: Equatable, Sendable {
    public struct Point: Equatable, Sendable {
        public var time: Timestamp
        /// The last of the step.
        public var equity: Money
        /// The deepest of the step, share of the peak so far.
        public var drawdown: Double
    }

    public static let limit = 2048

    public private(set) var points: [Point] = []
    /// Milliseconds.
    public private(set) var step: Int64 = 60_000

    mutating func add(_ equity: Money, drawdown: Double, at time: Timestamp) {
        if let place = points.indices.last, isOneStep(points[place].time, time) {
            points[place].equity = equity
            points[place].drawdown = max(points[place].drawdown, drawdown)
            return
        }
        if points.count == Self.limit { thinOut() }
        points.append(Point(time: time, equity: equity, drawdown: drawdown))
    }

    private func isOneStep(_ one: Timestamp, _ other: Timestamp) -> Bool {
        one.milliseconds / step == other.milliseconds / step
    }

    private mutating func thinOut() {
        let all = points
        while points.count > Self.limit / 2 {
            step *= 2
            points.removeAll(keepingCapacity: true)
            for point in all {
                if let place = points.indices.last, isOneStep(points[place].time, point.time) {
                    points[place].equity = point.equity
                    points[place].drawdown = max(points[place].drawdown, point.drawdown)
                } else {
                    points.append(point)
                }
            }
        }
    }
}
