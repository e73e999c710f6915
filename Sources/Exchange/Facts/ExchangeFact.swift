public import CoreModels

/// What one frame of the socket or one reply of REST says, whatever the exchange.
///
/// An adapter turns bytes into facts; nothing behind it knows which exchange spoke.
public enum ExchangeFact: Equatable, Sendable {
    /// All markets there are.
    case instruments([Instrument])
    /// - Parameter unreadable: rows that were left out because they could not be read.
    case tickers([Ticker], unreadable: Int)
    case book(Book)
    /// A book that was asked for. It stands outside the order of those that are pushed.
    case snapshot(Book)
    case fundingRates([FundingRate], unreadable: Int)
    /// In order of time.
    /// - Parameter inOldForm: as the exchange wrote them once: read all the same, and counted.
    case trades(Symbol, [Trade], inOldForm: Bool = false)
    /// In order of time.
    case candles(Symbol, [Candle])
    case serverTime(Timestamp)
    /// The answer to our ping, with the exchange's time where it tells it.
    case pong(Timestamp?)
    /// A request was accepted; it does not say which symbol.
    case acknowledged(String)
    /// The exchange refuses something or gives notice, in its own words.
    case complaint(String)
    /// Something this version does not know: counted, never fatal.
    case unknown(String)
}

/// What the socket can be asked for.
public enum FeedRequest: Hashable, Sendable {
    case ping
    /// The whole market in one stream.
    case subscribeTickers
    case subscribeBook(Symbol)
    case subscribeTrades(Symbol)
    case unsubscribeBook(Symbol)
    case unsubscribeTrades(Symbol)
}

/// What REST can be asked for.
public enum MarketQuestion: Hashable, Sendable {
    case serverTime
    case instruments
    case tickers
    /// Candles of one minute with a start in `from ... through`.
    case candles(Symbol, from: Timestamp, through: Timestamp)
    case book(Symbol)
    /// Of all markets.
    case fundingRates
}
