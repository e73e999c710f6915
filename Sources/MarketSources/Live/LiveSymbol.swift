import CoreModels
import Exchange

/// What a live market knows of one symbol.
struct LiveSymbol: Sendable {
    /// A bid and an ask that may be offered until a moment of the market's clock.
    struct Quote: Equatable, Sendable {
        var bid: Price
        var ask: Price
        var expires: Timestamp
        /// From a book, which knows better than a row.
        var isFromBook: Bool
    }

    /// What was published last.
    struct Published: Equatable, Sendable {
        var price: Price
        var quote: Quote?
        var time: Timestamp
    }

    /// How far the window was filled with candles.
    enum Filling: Equatable, Sendable {
        /// Not asked for, after so many vain attempts.
        case open(attempts: Int)
        case asked(attempts: Int)
        case filled
        case givenUp
    }

    let symbol: Symbol
    let isWanted: Bool
    /// Its number in the screener; below zero before its first price.
    var screenerNumber = -1
    var contractSize: Quantity
    var isTradable: Bool

    /// Of the latest deal or row that told a price.
    var price: Price?
    var priceTime = Timestamp(milliseconds: .min)
    /// Exchange time of the latest observation: never goes back.
    var time = Timestamp(milliseconds: .min)
    /// Of the latest row.
    var rowTime = Timestamp(milliseconds: .min)
    private var olderRows = 0
    var turnover24h: Money?
    var tally = DealTally()
    var quote: Quote?
    /// When its book was asked for, on the market's clock.
    var bookAskedAt = Timestamp(milliseconds: .min)
    var funding: FundingRate?
    var published: Published?
    /// When anything was heard of it, on the market's clock.
    var heardAt: Timestamp?
    /// Held or pending: it is published whatever `TOP_N` says.
    var isNeeded = false
    var filling = Filling.open(attempts: 0)

    init(_ instrument: Instrument, isWanted: Bool) {
        symbol = instrument.symbol
        self.isWanted = isWanted
        contractSize = instrument.contractSize
        isTradable = instrument.isTradable
    }

    /// Whether it is held or pending and has no quote that lasts until `border`.
    func wantsBook(before border: Timestamp) -> Bool {
        isNeeded && isTradable && isWanted && price != nil
            && quote.map { $0.expires < border } ?? true
    }

    /// Takes a price unless a later one is known.
    mutating func see(_ price: Price, at time: Timestamp) {
        guard time >= priceTime else { return }
        self.price = price
        priceTime = time
    }

    /// Whether a row is not older than the one before. When a second one in a row is, the exchange's
    /// clock was set back: its rows are believed again, from this one on.
    mutating func follows(_ row: Ticker) -> Bool {
        if row.timestamp >= rowTime {
            olderRows = 0
            return true
        }
        olderRows += 1
        guard olderRows > 1 else { return false }
        olderRows = 0
        priceTime = row.timestamp
        tally = DealTally()
        return true
    }

    /// What was traded since the row before, as far as no deal has counted it already.
    ///
    /// The cumulative turnover rolls over 24 h: what leaves it at the far end makes the difference
    /// smaller, never larger.
    mutating func traded(until row: Ticker) -> Money {
        guard let total = row.turnover24h, !total.isNegative else { return .zero }
        defer { turnover24h = total }
        let counted = tally.take(through: row.timestamp)
        guard let before = turnover24h else { return .zero }
        let difference = total - before
        return difference > counted ? difference - counted : .zero
    }
}
