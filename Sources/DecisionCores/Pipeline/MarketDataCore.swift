public import CoreModels

/// A core that sees every message of the market: the hot path of the house.
public protocol MarketDataCore: DecisionCore {
    /// Takes one of many messages, where it lies: handed on as an argument of its own it would be
    /// copied. Allocates nothing when nothing is to be decided.
    ///
    /// - Parameter hint: the number another table gives to the symbol, if that is known; mostly it
    ///   is ours too.
    mutating func marketDataSeen(
        _ messages: Span<MarketData>, _ place: Int, at now: Timestamp, hint: Int,
        into events: inout [Event])
}

extension MarketDataCore {
    /// Takes a single message.
    public mutating func marketDataSeen(
        _ data: MarketData, at now: Timestamp, into events: inout [Event]
    ) {
        let messages = CollectionOfOne(data)
        marketDataSeen(messages.span, 0, at: now, hint: -1, into: &events)
    }
}
