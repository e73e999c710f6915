public import CoreModels

// The state, by key:
//   streams               heads of the two streams, statistics, the last result
//   position:BTC_USDT     what execution filled of the symbol
//   result:<client_id>    one of the last results; gone when it is forgotten
//   waiting:<client_id>   an order that waits for a quote
//   window:quote:…        the last quote
extension ExecutionCore {
    private static let positionPrefix = "position:"
    private static let resultPrefix = "result:"
    private static let waitingPrefix = "waiting:"
    private static let quotePrefix = "window:quote:"

    /// After a live restart an order fills only against a quote that is new since the start.
    /// Replays in lock-step keep theirs, so that a restart changes nothing.
    public mutating func forgetTradableQuotes() {
        for number in quotes.indices where quotes[number] != nil {
            quotes[number] = nil
            quotesChanged.mark(number)
        }
    }

    public mutating func takeChangedKeys() -> [String] {
        var keys = streamsChanged ? ["streams"] : []
        keys += positionsChanged.numbers.map { Self.positionPrefix + index.symbols[$0].description }
        keys += quotesChanged.numbers.map { Self.quotePrefix + index.symbols[$0].description }
        keys += results.takeChanged().map { Self.resultPrefix + $0 }
        keys += waiting.takeChanged().map { Self.waitingPrefix + $0 }
        streamsChanged = false
        positionsChanged.clear()
        quotesChanged.clear()
        return keys.sorted()
    }

    public func state(of key: String) -> Value? {
        if key == "streams" { return streamsState }
        if let name = key.dropping(Self.resultPrefix) { return results.entry(name)?.value }
        if let name = key.dropping(Self.waitingPrefix) { return waiting.entry(name)?.value }
        if let number = number(in: key, after: Self.positionPrefix) {
            return positions[number] == PaperPosition() ? nil : positions[number].value
        }
        return number(in: key, after: Self.quotePrefix).flatMap { quotes[$0]?.value }
    }

    public mutating func restore(_ key: String, _ value: Value) -> Bool {
        if key == "streams" { return restoreStreams(value) }
        if key.hasPrefix(Self.resultPrefix) {
            guard let entry = ResultMemory.Entry(value) else { return false }
            results.restore(entry)
            return true
        }
        if key.hasPrefix(Self.waitingPrefix) {
            guard let entry = WaitingOrders.Entry(value) else { return false }
            waiting.insert(entry)
            return true
        }
        if let symbol = key.dropping(Self.positionPrefix).flatMap(Symbol.init) {
            guard let position = PaperPosition(value) else { return false }
            positions[number(of: symbol)] = position
            return true
        }
        guard let symbol = key.dropping(Self.quotePrefix).flatMap(Symbol.init),
            let quote = PaperQuote(value)
        else { return false }
        quotes[number(of: symbol)] = quote
        return true
    }

    private func number(in key: String, after prefix: String) -> Int? {
        key.dropping(prefix).flatMap(Symbol.init).flatMap(index.find)
    }

    private var streamsState: Value {
        .object([
            .init("order_results", .integer(numbers.head(.orderResults))),
            .init("alerts", .integer(numbers.head(.alertsExecution))),
            .init("feed_ended", .flag(feedEnded)),
            .init("last_result", lastResult),
            .init("received", .integer(statistics.ordersReceived)),
            .init("filled", .integer(statistics.ordersFilled)),
            .init("rejected", .integer(statistics.ordersRejected)),
            .init("cancelled", .integer(statistics.ordersCancelled)),
            .init("duplicates", .integer(statistics.duplicates)),
            .init("closings", .integer(statistics.closings)),
            .init("wins", .integer(statistics.wins)),
        ])
    }

    private mutating func restoreStreams(_ value: Value) -> Bool {
        guard let results = value["order_results"].integer, let alerts = value["alerts"].integer,
            let ended = value["feed_ended"].flag, let received = value["received"].integer,
            let filled = value["filled"].integer, let rejected = value["rejected"].integer,
            let cancelled = value["cancelled"].integer,
            let duplicates = value["duplicates"].integer,
            let closings = value["closings"].integer, let wins = value["wins"].integer
        else { return false }
        numbers.restore(.orderResults, head: results)
        numbers.restore(.alertsExecution, head: alerts)
        feedEnded = ended
        lastResult = value["last_result"]
        statistics.ordersReceived = received
        statistics.ordersFilled = filled
        statistics.ordersRejected = rejected
        statistics.ordersCancelled = cancelled
        statistics.duplicates = duplicates
        statistics.closings = closings
        statistics.wins = wins
        return true
    }
}

extension String {
    /// The rest after a prefix, nil when it does not start with it.
    fileprivate func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
