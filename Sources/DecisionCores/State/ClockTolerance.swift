public import CoreModels

extension Timestamp {
    /// How far a market_data may be ahead of the clock before it is refused: one wrong timestamp
    /// must not move a cooldown or a day (docs/DELIVERY.md, Time).
    static let aheadToleranceMilliseconds: Int64 = 60_000

    /// Whether this moment lies more than the tolerance after `now`.
    public func isTooFarAhead(of now: Timestamp) -> Bool {
        since(now) > Self.aheadToleranceMilliseconds
    }
}
