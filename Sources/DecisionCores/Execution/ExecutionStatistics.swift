public import CoreModels

/// What cdb_execution counted since it first started.
public struct ExecutionStatistics: Equatable, Sendable {
    /// Orders taken, malformed ones included, known ones not.
    public internal(set) var ordersReceived: Int64 = 0
    /// With a fill, whole or in part.
    public internal(set) var ordersFilled: Int64 = 0
    public internal(set) var ordersRejected: Int64 = 0
    public internal(set) var ordersCancelled: Int64 = 0
    /// Orders whose `client_id` was known: answered, without effect.
    public internal(set) var duplicates: Int64 = 0
    /// Fills that closed a position or a part of it.
    public internal(set) var closings: Int64 = 0
    /// Those of them with a profit after fees.
    public internal(set) var wins: Int64 = 0

    init() {}

    /// Share of closings with a profit, nil before the first closing.
    public var winRate: Ratio? {
        guard closings > 0 else { return nil }
        return Ratio(Int(wins)).ratio(to: Ratio(Int(closings)), .nearest)
    }

    mutating func count(_ status: OrderResult.Status) {
        switch status {
        case .filled, .partiallyFilled: ordersFilled += 1
        case .rejected, .error: ordersRejected += 1
        case .cancelled: ordersCancelled += 1
        }
    }

    mutating func count(_ trade: ClosedTrade) {
        closings += 1
        if trade.pnl.isPositive { wins += 1 }
    }
}
