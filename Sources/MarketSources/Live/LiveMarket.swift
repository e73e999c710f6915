public import CoreModels
import DecisionCores
public import Exchange

/// A live exchange as market_data: merges what it says of each symbol, and asks the one
/// `ScreenerCore` what that makes (docs/ARCHITECTURE.md, Screeners).
///
/// Facts go in with the time of their receipt; market_data without a reference comes out, to be
/// numbered by the publisher. The rules:
/// - Only contracts of the exchange's list that may be screened; nothing before the list has come.
/// - The change comes from our own window of last prices.
/// - Turnover is what deals and the differences of the cumulative turnover add up to, each once.
/// - A symbol's time never goes back: what is older than its price only brings turnover.
/// - A bid and an ask are offered while they are two seconds old at most; a book's are withdrawn.
/// - Nothing new is published as a confirmation only, every few seconds.
public struct LiveMarket: Sendable {
    /// Prices of a window that are held (`ScreenerSettings.windowSteps`): 7.5 s each of 15 minutes.
    public static let windowSteps = 120
    /// How long a bid and an ask may be offered, in milliseconds.
    public static let quoteLifetime = BookGuard.maximumAge
    /// What has not changed is published again after so many milliseconds of exchange time.
    public static let confirmationInterval: Int64 = 5_000

    public let settings: LiveSettings
    /// How far this machine's clock is ahead of the exchange's, in milliseconds, as far as known.
    public var clockSkew: Int64 = 0
    /// How much was not used, by reason; looked up and counted only.
    public private(set) var rejections: [String: Int] = [:]
    var screener: ScreenerCore
    var index = SymbolIndex()
    /// By the index' numbers.
    var symbols: [LiveSymbol] = []
    /// The number after that of the last symbol.
    private var nextNumber = 0
    var guards = BookGuard()
    /// The highest exchange time so far.
    public private(set) var latest = Timestamp(milliseconds: .min)

    public init(settings: LiveSettings) {
        self.settings = settings
        screener = ScreenerCore(settings: settings.screener)
    }

    /// The market's clock.
    public func now(_ receipt: Timestamp) -> Timestamp {
        switch settings.clock {
        case .wall: receipt
        case .market: latest
        }
    }

    /// Takes what the exchange said; appends what is to be published of it.
    public mutating func take(
        _ fact: ExchangeFact, receivedAt receipt: Timestamp, into data: inout [MarketData]
    ) {
        switch fact {
        case .instruments(let list): take(list)
        case .tickers(let rows, let unreadable):
            reject(LiveRejection.unreadableRow.rawValue, unreadable)
            for row in rows { take(row, receipt, into: &data) }
        case .book(let book): take(book, receipt, into: &data)
        case .snapshot(let book): take(snapshot: book, receipt, into: &data)
        case .fundingRates(let rates, let unreadable):
            reject(LiveRejection.unreadableRow.rawValue, unreadable)
            for rate in rates {
                if let number = index.find(rate.symbol) { symbols[number].funding = rate }
            }
        case .trades(let symbol, let trades, _): take(trades, of: symbol, receipt, into: &data)
        case .candles(let symbol, let candles): fill(symbol, candles)
        case .serverTime(let time): advance(to: time)
        case .pong(let time): if let time { advance(to: time) }
        case .acknowledged, .complaint, .unknown: break
        }
    }

    /// Ends the quotes that are too old by now. One of a book is withdrawn; one of a row is as old as
    /// the price it came with, and goes with it (ADR 0014).
    public mutating func passTime(at receipt: Timestamp, into data: inout [MarketData]) {
        let now = now(receipt)
        for number in symbols.indices {
            guard let quote = symbols[number].quote, quote.expires < now else { continue }
            symbols[number].quote = nil
            guard quote.isFromBook else { continue }
            reject(.expiredBook)
            publish(number, at: symbols[number].time, traded: .zero, receipt, into: &data)
        }
    }

    /// After the connection broke: books begin anew.
    public mutating func connectionLost() { guards.reset() }

    // MARK: - One symbol

    /// The exchange's whole list: what it does not name any more is not tradable.
    private mutating func take(_ list: [Instrument]) {
        guard !list.isEmpty else { return reject(.emptyList) }
        for number in symbols.indices { symbols[number].isTradable = false }
        for instrument in list {
            let number = index.number(of: instrument.symbol)
            if number == symbols.count {
                let isWanted = screener.isWanted(instrument.symbol)
                symbols.append(LiveSymbol(instrument, isWanted: isWanted))
            }
            symbols[number].contractSize = instrument.contractSize
            symbols[number].isTradable = instrument.isTradable
        }
    }

    private mutating func take(
        _ row: Ticker, _ receipt: Timestamp, into data: inout [MarketData]
    ) {
        advance(to: row.timestamp)
        guard let number = number(of: row.symbol, row.timestamp, receipt) else { return }
        quote(row, number, receipt)
        guard symbols[number].follows(row) else { return reject(.olderRow) }
        let traded = symbols[number].traded(until: row)
        symbols[number].rowTime = row.timestamp
        symbols[number].see(row.lastPrice, at: row.timestamp)
        publish(number, at: row.timestamp, traded: traded, receipt, into: &data)
    }

    private mutating func take(
        _ trades: [Trade], of symbol: Symbol, _ receipt: Timestamp, into data: inout [MarketData]
    ) {
        guard let last = trades.last else { return }
        advance(to: last.timestamp)
        guard let number = number(of: symbol, last.timestamp, receipt) else { return }
        var traded = Money.zero
        for trade in trades {
            guard let turnover = turnover(of: trade, number), let sum = traded.adding(turnover)
            else {
                reject(.overflow)
                continue
            }
            symbols[number].see(trade.price, at: trade.timestamp)
            // The cumulative turnover of a row covers all deals up to its time.
            guard trade.timestamp > symbols[number].rowTime else { continue }
            traded = sum
            symbols[number].tally.add(turnover, at: trade.timestamp)
        }
        publish(number, at: last.timestamp, traded: traded, receipt, into: &data)
    }

    private func turnover(of trade: Trade, _ number: Int) -> Money? {
        FixedArithmetic.multiply(
            trade.contracts.raw, symbols[number].contractSize.raw, .nearest
        ).flatMap { trade.price.times(Quantity(raw: $0), .nearest) }
    }

    /// The number of a symbol that may be screened, when the exchange's time can be believed: a wrong
    /// one far ahead would make everything that follows look old.
    mutating func number(
        of symbol: Symbol, _ time: Timestamp, _ receipt: Timestamp
    ) -> Int? {
        guard let number = find(symbol) else {
            reject(.unknownSymbol)
            return nil
        }
        guard symbols[number].isWanted else {
            reject(ScreenerRefusal.notWhitelisted.rawValue)
            return nil
        }
        guard symbols[number].isTradable else {
            reject(.notTradable)
            return nil
        }
        let now = now(receipt)
        guard !time.isTooFarAhead(of: now) else {
            reject(ScreenerRefusal.timeAhead.rawValue)
            return nil
        }
        symbols[number].heardAt = now
        return number
    }

    /// The rows of a market come in the same order each time: the next one is tried first.
    private mutating func find(_ symbol: Symbol) -> Int? {
        let isNext = nextNumber < symbols.count && symbols[nextNumber].symbol == symbol
        guard let number = isNext ? nextNumber : index.find(symbol) else { return nil }
        nextNumber = number + 1
        return number
    }

    mutating func advance(to time: Timestamp) { latest = max(latest, time) }

    // MARK: - Counting

    mutating func reject(_ reason: LiveRejection) { reject(reason.rawValue) }

    mutating func reject(_ reason: String, _ count: Int = 1) {
        guard count > 0 else { return }
        rejections[reason, default: 0] += count
    }
}
