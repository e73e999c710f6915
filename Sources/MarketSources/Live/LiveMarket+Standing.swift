public import CoreModels
public import DecisionCores
public import Exchange

// What is asked of a live market, and told of it.
extension LiveMarket {
    /// Symbols whose books and deals are followed at once, at most.
    public static let activeLimit = 50
    /// How many of them are followed because they moved most.
    public static let activeMovers = 30
    /// A mover that is followed stays until it is this much further down the list, so that a place at
    /// the border does not change hands all the time.
    private static let moverMargin = 10
    /// A quote that nothing has confirmed for this long, in milliseconds, is asked for before it ends.
    private static let quietBook: Int64 = 1_000

    /// The symbols that moved most, up and down.
    public func top(_ count: Int) -> TopMovers { screener.top(count) }

    /// Whose books and deals to follow: what is held, what has an order pending, and what moved most.
    /// - Parameters:
    ///   - present: those followed up to now.
    ///   - followed: how many are followed because they moved most.
    public mutating func activeSet(
        positions: [Symbol], pending: [Symbol], present: [Symbol],
        movers followed: Int = Self.activeMovers
    ) -> [Symbol] {
        for number in symbols.indices { symbols[number].isNeeded = false }
        var active: [Symbol] = []
        for symbol in positions + pending {
            guard let number = index.find(symbol) else { continue }
            symbols[number].isNeeded = true
            if active.count < Self.activeLimit, !active.contains(symbol) { active.append(symbol) }
        }
        let movers = movers(Self.activeMovers + Self.moverMargin).filter { !active.contains($0) }
        let staying = movers.filter(present.contains)
        let coming = movers.prefix(followed).filter { !present.contains($0) }
        let room = min(followed, Self.activeLimit - active.count)
        return active + (staying + coming).prefix(max(0, room))
    }

    /// Whose book to ask for: of what is held or has an order pending, and has no quote or one that
    /// nothing has confirmed for a while, the one asked for longest ago. It counts as asked.
    ///
    /// A book is pushed when it changes; a quiet one is as good as ever and says nothing.
    public mutating func nextBook(at receipt: Timestamp) -> MarketQuestion? {
        let border = now(receipt).advanced(by: Self.quoteLifetime - Self.quietBook)
        var oldest: Int?
        for number in symbols.indices where symbols[number].wantsBook(before: border) {
            if let known = oldest, symbols[known].bookAskedAt <= symbols[number].bookAskedAt {
                continue
            }
            oldest = number
        }
        guard let oldest else { return nil }
        symbols[oldest].bookAskedAt = now(receipt)
        return .book(symbols[oldest].symbol)
    }

    /// What is known of the funding of these, in their order.
    public func fundingRates(of wanted: [Symbol]) -> [FundingRate] {
        wanted.compactMap { index.find($0).flatMap { symbols[$0].funding } }
    }

    /// Symbols that are followed and were heard of, and those of them not heard of for longer than
    /// `milliseconds`, the longest silence first.
    public func silence(
        over milliseconds: Int64, at receipt: Timestamp
    ) -> (heard: Int, stale: [(symbol: Symbol, age: Int64)]) {
        let now = now(receipt)
        var heard = 0
        var stale: [(symbol: Symbol, age: Int64)] = []
        for symbol in symbols where symbol.isTradable {
            guard let time = symbol.heardAt else { continue }
            heard += 1
            let age = now.since(time)
            if age > milliseconds { stale.append((symbol.symbol, age)) }
        }
        stale.sort { ($1.age, $0.symbol) < ($0.age, $1.symbol) }
        return (heard, stale)
    }

    /// Contracts that may be screened, of all that the exchange lists.
    public var contracts: (tradable: Int, listed: Int) {
        (symbols.count { $0.isTradable && $0.isWanted }, symbols.count)
    }

    /// Symbols whose quote may be offered now.
    public func quoted(at receipt: Timestamp) -> Int {
        let now = now(receipt)
        return symbols.count { $0.quote.map { $0.expires >= now } ?? false }
    }

    private func movers(_ count: Int) -> [Symbol] {
        let top = screener.top(count)
        return (top.gainers + top.losers).sorted { $0.isBefore($1) }.prefix(count).map(\.symbol)
    }
}
