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
    /// The step of the last point, counted from the epoch.
    private var newest = Int64.min

    mutating func add(_ equity: Money, drawdown: Double, at time: Timestamp) {
        let point = Point(time: time, equity: equity, drawdown: drawdown)
        if put(point) { return }
        if points.count == Self.limit { thinOut() }
        append(point)
    }

    /// Makes it part of the last point, if it is one step; else false.
    private mutating func put(_ point: Point) -> Bool {
        guard let place = points.indices.last, point.time.milliseconds / step == newest else {
            return false
        }
        points[place].equity = point.equity
        points[place].drawdown = max(points[place].drawdown, point.drawdown)
        return true
    }

    private mutating func append(_ point: Point) {
        points.append(point)
        newest = point.time.milliseconds / step
    }

    private mutating func thinOut() {
        let all = points
        while points.count > Self.limit / 2 {
            step *= 2
            points.removeAll(keepingCapacity: true)
            for point in all where !put(point) { append(point) }
        }
    }
}
