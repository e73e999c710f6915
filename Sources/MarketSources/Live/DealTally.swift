import CoreModels

/// The turnover of the deals that no ticker's cumulative turnover has covered yet.
struct DealTally: Sendable {
    /// Deals held one by one at most; further ones add to the newest, which only makes the border
    /// between two tickers coarser.
    private static let limit = 512

    private var deals: [(time: Int64, turnover: Int128)] = []

    mutating func add(_ turnover: Money, at time: Timestamp) {
        guard deals.count >= Self.limit, let newest = deals.indices.last else {
            return deals.append((time.milliseconds, turnover.raw))
        }
        let (sum, overflow) = deals[newest].turnover.addingReportingOverflow(turnover.raw)
        deals[newest] = (max(deals[newest].time, time.milliseconds), overflow ? .max : sum)
    }

    /// The turnover of all deals up to a ticker's time; they are counted from now on.
    mutating func take(through time: Timestamp) -> Money {
        guard !deals.isEmpty else { return .zero }
        var total: Int128 = 0
        for deal in deals where deal.time <= time.milliseconds {
            let (sum, overflow) = total.addingReportingOverflow(deal.turnover)
            total = overflow ? .max : sum
        }
        deals.removeAll { $0.time <= time.milliseconds }
        return Money(raw: total)
    }
}
