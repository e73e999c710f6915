public import CoreModels

/// The last order book of each symbol, and whether it is a quote now.
public struct BookGuard: Sendable {
    /// A quote this old, in milliseconds, is the last one that counts.
    public static let maximumAge: Int64 = 2_000

    private struct Seen {
        var book: Book
        var time: Timestamp
        var highestVersion: Int64
        var hasRegressed = false
    }

    private var index = SymbolIndex()
    private var seen: [Seen?] = []

    public init() {}

    /// - Parameter time: when the book counts as seen, by the clock that `quote` is asked with: its
    ///   receipt, or the exchange's time.
    public mutating func saw(_ book: Book, at time: Timestamp) {
        let number = index.number(of: book.symbol)
        if number == seen.count { seen.append(nil) }
        guard var last = seen[number] else {
            seen[number] = Seen(book: book, time: time, highestVersion: book.version)
            return
        }
        // An equal version is a repeat: good, but no cure for a regression.
        if book.version > last.highestVersion {
            last.highestVersion = book.version
            last.hasRegressed = false
        } else if book.version < last.highestVersion {
            last.hasRegressed = true
        }
        last.book = book
        last.time = time
        seen[number] = last
    }

    /// The quote of a symbol at `now`.
    public func quote(of symbol: Symbol, at now: Timestamp) -> Result<BookQuote, BookRefusal> {
        guard let number = index.find(symbol), let last = seen[number] else {
            return .failure(.missing)
        }
        if last.hasRegressed { return .failure(.regressed) }
        return Self.quote(of: last.book, seenAt: last.time, at: now)
    }

    /// The quote of a book that was asked for. A pushed one may have overtaken it, or it those that
    /// are still under way: it is held against their versions, and they never against its.
    public func quote(
        ofSnapshot book: Book, seenAt time: Timestamp, at now: Timestamp
    ) -> Result<BookQuote, BookRefusal> {
        if let number = index.find(book.symbol), let last = seen[number] {
            let isNew = book.version > last.highestVersion
            guard isNew || book.version == last.highestVersion && !last.hasRegressed else {
                return .failure(.regressed)
            }
        }
        return Self.quote(of: book, seenAt: time, at: now)
    }

    private static func quote(
        of book: Book, seenAt time: Timestamp, at now: Timestamp
    ) -> Result<BookQuote, BookRefusal> {
        guard let bid = book.bids.first, let ask = book.asks.first else {
            return .failure(.oneSided)
        }
        guard bid.contracts.isPositive, ask.contracts.isPositive else { return .failure(.empty) }
        guard bid.price < ask.price else { return .failure(.crossed) }
        // A book from far ahead of the clock is as wrong as an old one.
        guard (-maximumAge...maximumAge).contains(now.since(time)) else { return .failure(.stale) }
        return .success(BookQuote(bid: bid, ask: ask, version: book.version))
    }

    /// Forgets a symbol whose books come no longer.
    public mutating func forget(_ symbol: Symbol) {
        if let number = index.find(symbol) { seen[number] = nil }
    }

    /// Forgets everything: a new connection may count its versions anew.
    public mutating func reset() { seen = Array(repeating: nil, count: seen.count) }
}
