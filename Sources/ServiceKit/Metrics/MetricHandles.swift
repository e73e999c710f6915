import Synchronization

/// A number that only grows. Any thread may add; adding takes no lock.
public final class Counter: Sendable {
    private let total = Atomic<UInt64>(0)

    public init() {}

    public func increment(by amount: UInt64 = 1) {
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    public var value: UInt64 { total.load(ordering: .relaxed) }
}

/// A number that goes up and down.
public final class Gauge: Sendable {
    private let bits = Atomic<UInt64>(0)

    public init() {}

    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    public func add(_ amount: Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: known) + amount).bitPattern
            let (exchanged, original) = bits.compareExchange(
                expected: known, desired: sum, ordering: .relaxed)
            if exchanged { return }
            known = original
        }
    }

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// Counts observations in buckets.
public final class Histogram: Sendable {
    /// The upper bounds in ascending order; above the last one lies one more bucket.
    public let bounds: [Double]
    /// Not cumulative, one more than bounds; their sum is the count of observations.
    let buckets: [Counter]
    private let total = Gauge()

    public init(bounds: [Double]) {
        precondition(
            !bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy(<),
            "the bounds of a histogram ascend")
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    /// - Parameter count: so often.
    public func observe(_ value: Double, count: Int = 1) {
        guard !value.isNaN, count > 0 else { return }
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        buckets[index].increment(by: UInt64(count))
        total.add(value * Double(count))
    }

    public var sum: Double { total.value }
    public var count: UInt64 { buckets.reduce(0) { $0 + $1.value } }
}

/// Bounds for what the project measures.
public enum HistogramBounds {
    /// Seconds, from 10 µs to 10 s.
    public static let seconds: [Double] = [
        0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
        0.25, 0.5, 1, 2.5, 5, 10,
    ]
}
