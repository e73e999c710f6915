import CoreModels

/// A row of `push.tickers`, `push.ticker` and `/contract/ticker`. `riseFallRate` is left alone: the
/// moment it counts from is nowhere documented.
///
/// In the order of the socket's rows, so that each name is known at a glance; those that nobody
/// reads are here for that reason alone.
enum TickerField: Int, WireField {
    case amount24, contractId, fairPrice, high24Price, indexPrice, lastPrice, lower24Price
    case maxBidPrice, minAskPrice, riseFallRate, symbol, timestamp, volume24
    /// Only of replies and of `push.ticker`.
    case bid1, ask1

    static let table = FieldTable<Self>()
}

extension Ticker {
    init(_ row: WireObject<TickerField>) throws(ExchangeError) {
        self.init(
            symbol: try row[.symbol].symbol(), timestamp: try row[.timestamp].moment(),
            lastPrice: try row[.lastPrice].positive(),
            turnover24h: try row.optional(.amount24)?.notNegative(),
            bid: try Self.quote(row.optional(.bid1)), ask: try Self.quote(row.optional(.ask1)))
    }

    /// An empty side of the book is written as 0.
    private static func quote(_ value: WireValue?) throws(ExchangeError) -> Price? {
        guard let price: Price = try value?.notNegative(), price.isPositive else { return nil }
        return price
    }
}
