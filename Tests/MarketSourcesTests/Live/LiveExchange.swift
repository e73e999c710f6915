import CoreModels
import DecisionCores
import Exchange

@testable import MarketSources

/// A live market with the exchange's words at hand. Times are milliseconds; a fact is received when
/// it was said, unless told otherwise.
struct LiveExchange {
    var market: LiveMarket

    init(
        _ contracts: [Instrument] = [Self.contract()], clock: LiveSettings.Clock = .wall,
        whitelist: [String] = [], topN: Int = 0
    ) {
        let screener = ScreenerSettings(
            lookbackMinutes: 15, whitelist: whitelist.map(Self.symbol), topN: topN)
        market = LiveMarket(
            settings: LiveSettings(screener: screener, source: .websocket, clock: clock))
        if !contracts.isEmpty { _ = take(.instruments(contracts), at: 0) }
    }

    static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(text) else { preconditionFailure("no symbol: \(text)") }
        return symbol
    }

    static func fixed<Unit>(_ text: String, _ unit: Unit.Type = Unit.self) -> Fixed<Unit> {
        guard let value = Fixed<Unit>(text) else { preconditionFailure("no number: \(text)") }
        return value
    }

    static func contract(
        _ symbol: String = "BTC_USDT", size: String = "0.0001", isTradable: Bool = true
    ) -> Instrument {
        Instrument(
            symbol: Self.symbol(symbol), contractSize: fixed(size), priceStep: fixed("0.1"),
            isTradable: isTradable)
    }

    mutating func take(_ fact: ExchangeFact, at receipt: Int64) -> [MarketData] {
        var data: [MarketData] = []
        market.take(fact, receivedAt: Timestamp(milliseconds: receipt), into: &data)
        return data
    }

    mutating func pass(to receipt: Int64) -> [MarketData] {
        var data: [MarketData] = []
        market.passTime(at: Timestamp(milliseconds: receipt), into: &data)
        return data
    }

    /// One row of the list of tickers.
    mutating func row(
        _ time: Int64, _ price: String, _ turnover24h: String? = nil, bid: String? = nil,
        ask: String? = nil, symbol: String = "BTC_USDT", receivedAt receipt: Int64? = nil
    ) -> [MarketData] {
        let ticker = Ticker(
            symbol: Self.symbol(symbol), timestamp: Timestamp(milliseconds: time),
            lastPrice: Self.fixed(price), turnover24h: turnover24h.map { Self.fixed($0) },
            bid: bid.map { Self.fixed($0) }, ask: ask.map { Self.fixed($0) })
        return take(.tickers([ticker], unreadable: 0), at: receipt ?? time)
    }

    mutating func deal(
        _ time: Int64, _ price: String, _ contracts: String, symbol: String = "BTC_USDT"
    ) -> [MarketData] {
        let trade = Trade(
            timestamp: Timestamp(milliseconds: time), price: Self.fixed(price),
            contracts: Self.fixed(contracts), side: .buy)
        return take(.trades(Self.symbol(symbol), [trade]), at: time)
    }

    mutating func book(
        _ time: Int64, version: Int64, _ bid: String?, _ ask: String?,
        symbol: String = "BTC_USDT", receivedAt receipt: Int64? = nil, isSnapshot: Bool = false
    ) -> [MarketData] {
        func side(_ price: String?) -> [Book.Level] {
            price.map { [Book.Level(price: Self.fixed($0), contracts: Quantity(5))] } ?? []
        }
        let book = Book(
            symbol: Self.symbol(symbol), timestamp: Timestamp(milliseconds: time),
            version: version, bids: side(bid), asks: side(ask))
        return take(isSnapshot ? .snapshot(book) : .book(book), at: receipt ?? time)
    }
}
