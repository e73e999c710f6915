/// A moment: Unix epoch milliseconds, UTC.
@frozen
public struct Timestamp: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    @inlinable
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `milliseconds` later. Saturates instead of overflowing.
    @inlinable
    public func advanced(by milliseconds: Int64) -> Self {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return Self(milliseconds: overflow ? (milliseconds < 0 ? .min : .max) : sum)
    }

    /// Milliseconds from `earlier` to this. Saturates instead of overflowing.
    @inlinable
    public func since(_ earlier: Self) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return overflow ? (milliseconds < 0 ? .min : .max) : difference
    }

    /// 00:00 UTC of the day this moment lies in.
    @inlinable
    public var startOfDay: Self {
        let day: Int64 = 86_400_000
        let rest = milliseconds % day
        return Self(milliseconds: milliseconds - (rest < 0 ? rest + day : rest))
    }
}
