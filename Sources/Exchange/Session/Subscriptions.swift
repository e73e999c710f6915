import CoreModels

/// What is wanted of the socket, what was asked for and what came.
///
/// The exchange's acknowledgement names no symbol: a subscription is confirmed by its first data.
struct Subscriptions: Sendable {
    struct Entry: Sendable {
        let request: FeedRequest
        /// Sent last, on this connection.
        var askedAt: Int64?
        /// Sent so often without data.
        var asks = 0
        var isConfirmed = false
        var dataAt: Int64?
    }

    private let limits: FeedLimits
    /// In the order in which they are asked for.
    private(set) var entries = [Entry(request: .subscribeTickers)]
    private var books: [Symbol] = []
    private var trades: [Symbol] = []
    /// Unsubscriptions to be sent.
    private var leaving: [FeedRequest] = []
    /// The exchange does not have them, it said, and until when that is believed: a contract may be
    /// listed, or its listing known, a moment later.
    private var refused: [(symbol: Symbol, until: Int64)] = []

    init(limits: FeedLimits) { self.limits = limits }

    /// Replaces the symbols that are wanted; returns how many are beyond the limit.
    mutating func want(books: [Symbol], trades: [Symbol], now: Int64) -> Int {
        var tracked: [Symbol] = []
        var beyond: [Symbol] = []
        for symbol in books + trades where !tracked.contains(symbol) && !beyond.contains(symbol) {
            if tracked.count < limits.symbols {
                tracked.append(symbol)
            } else {
                beyond.append(symbol)
            }
        }
        self.books = tracked.filter(books.contains)
        self.trades = tracked.filter(trades.contains)
        refused.removeAll { now >= $0.until }
        renew()
        return beyond.count
    }

    /// A new connection knows nothing of the old one's subscriptions.
    mutating func startOver() {
        refused = []
        entries = []
        renew()
        leaving = []
    }

    /// Data of a subscription came; false when it is none of ours.
    mutating func dataCame(_ request: FeedRequest, now: Int64) -> Bool {
        guard let place = place(of: request) else { return false }
        entries[place].isConfirmed = true
        entries[place].asks = 0
        entries[place].dataAt = now
        return true
    }

    /// The exchange does not have the symbol; false when it is not wanted.
    mutating func refuse(_ symbol: Symbol, now: Int64) -> Bool {
        guard books.contains(symbol) || trades.contains(symbol), !isRefused(symbol) else {
            return false
        }
        refused.append((symbol, now + limits.refusal))
        renew()
        leaving.removeAll { $0 == .unsubscribeBook(symbol) || $0 == .unsubscribeTrades(symbol) }
        return true
    }

    private func isRefused(_ symbol: Symbol) -> Bool { refused.contains { $0.symbol == symbol } }

    mutating func askForTickersAgain() {
        guard let place = place(of: .subscribeTickers) else { return }
        entries[place] = Entry(request: .subscribeTickers)
    }

    /// The latest of the last tickers and the last time they were asked for.
    var tickersAt: Int64? {
        guard let entry = entries.first(where: { $0.request == .subscribeTickers }),
            let asked = entry.askedAt
        else { return nil }
        return max(asked, entry.dataAt ?? asked)
    }

    /// When the next request is due; nil when nothing is wanting.
    var dueAt: Int64? {
        if !leaving.isEmpty { return .min }
        return entries.lazy.compactMap(dueAt).min()
    }

    /// Takes the request that is due: first what is to go, then what is new, then what is
    /// unconfirmed.
    mutating func takeDue(now: Int64) -> (request: FeedRequest, isRepeated: Bool)? {
        if !leaving.isEmpty { return (leaving.removeFirst(), false) }
        guard
            let place = entries.firstIndex(where: { $0.askedAt == nil })
                ?? entries.firstIndex(where: { dueAt($0).map { $0 <= now } ?? false })
        else { return nil }
        entries[place].askedAt = now
        entries[place].asks += 1
        return (entries[place].request, entries[place].asks > 1)
    }

    private func dueAt(_ entry: Entry) -> Int64? {
        guard let asked = entry.askedAt else { return .min }
        return entry.isConfirmed
            ? nil : asked + limits.confirmation << Int64(min(entry.asks, 5) - 1)
    }

    private func place(of request: FeedRequest) -> Int? {
        entries.firstIndex { $0.request == request }
    }

    /// Brings `entries` in line with what is wanted; what they know is kept.
    private mutating func renew() {
        let wanted =
            [.subscribeTickers]
            + books.filter { !isRefused($0) }.map(FeedRequest.subscribeBook)
            + trades.filter { !isRefused($0) }.map(FeedRequest.subscribeTrades)
        for entry in entries where entry.askedAt != nil && !wanted.contains(entry.request) {
            switch entry.request {
            case .subscribeBook(let symbol): leaving.append(.unsubscribeBook(symbol))
            case .subscribeTrades(let symbol): leaving.append(.unsubscribeTrades(symbol))
            case .subscribeTickers, .ping, .unsubscribeBook, .unsubscribeTrades: break
            }
        }
        let old = entries
        entries = wanted.map { request in
            old.first { $0.request == request } ?? Entry(request: request)
        }
        leaving.removeAll { leaves in
            switch leaves {
            case .unsubscribeBook(let symbol): wanted.contains(.subscribeBook(symbol))
            case .unsubscribeTrades(let symbol): wanted.contains(.subscribeTrades(symbol))
            case .ping, .subscribeTickers, .subscribeBook, .subscribeTrades: false
            }
        }
    }
}
