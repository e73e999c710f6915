import CoreModels

/// Everything known of one symbol.
struct SymbolMarket: Sendable {
    var quote = Quote()
    var watch = SymbolWatch()
    var spread = SpreadWindow()
    var range = RangeWindow()

    /// A market_data was received.
    @inline(__always)
    mutating func see(_ messages: Span<MarketData>, _ place: Int, at now: Timestamp) {
        quote.see(messages, place, at: now)
        range.add(messages[place].price, at: messages[place].timestamp.milliseconds)
        let bid = messages[place].bid
        let ask = messages[place].ask
        if bid != nil || ask != nil { spread.add(bid: bid, ask: ask) }
    }
}
