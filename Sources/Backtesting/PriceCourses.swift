public import CoreModels
public import DecisionCores

/// The course of each symbol's price for a chart, in at most `limit` points a symbol: when there are
/// more, each two become one and the steps twice as long.
public struct PriceCourses: Sendable {
    public struct Point: Equatable, Sendable {
        public var time: Timestamp
        /// The last of the step.
        public var price: Price
    }

    public struct Course: Sendable {
        public let symbol: Symbol
        public fileprivate(set) var points: [Point] = []
        fileprivate var step: Int64 = 60_000
    }

    public static let limit = 1024

    private var index = SymbolIndex()
    /// In the order of their first price.
    public private(set) var courses: [Course] = []

    public init() {}

    public mutating func take(_ prices: Span<Observation>) {
        for place in 0..<prices.count {
            let number = index.number(of: prices[place].symbol)
            if number == courses.count { courses.append(Course(symbol: prices[place].symbol)) }
            courses[number].add(
                Point(time: prices[place].timestamp, price: prices[place].price))
        }
    }
}

extension PriceCourses.Course {
    fileprivate mutating func add(_ point: PriceCourses.Point) {
        if points.count == PriceCourses.limit {
            while points.count > PriceCourses.limit / 2 {
                step *= 2
                let all = points
                points.removeAll(keepingCapacity: true)
                for point in all { put(point) }
            }
        }
        put(point)
    }

    private mutating func put(_ point: PriceCourses.Point) {
        if let last = points.last,
            last.time.milliseconds / step == point.time.milliseconds / step
        {
            points[points.count - 1] = point
        } else {
            points.append(point)
        }
    }
}
