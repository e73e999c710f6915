import CoreModels

/// What cdb_ws has published, so that cdb_rest publishes a symbol only when it knows better.
struct FresherSource {
    /// A symbol belongs to the socket for so long after it was published from there, in milliseconds
    /// of exchange time: a little longer than the quietest symbol takes to be confirmed.
    static let hold: Int64 = 12_000
    /// A socket that has published nothing for so long, in milliseconds, holds nothing.
    static let silence: Int64 = 3_000

    private var index = SymbolIndex()
    private var times: [Timestamp] = []
    private var heardAt: Int64?

    /// A market_data was on the bus at `now` (monotonic milliseconds).
    mutating func heard(_ data: borrowing MarketData, _ now: Int64) {
        guard data.source == .websocket else { return }
        heardAt = now
        let number = index.number(of: data.symbol)
        if number == times.count { times.append(data.timestamp) }
        times[number] = data.timestamp
    }

    /// Whether the socket publishes now.
    func speaks(_ now: Int64) -> Bool { heardAt.map { now - $0 <= Self.silence } ?? false }

    /// Whether the socket has the symbol: published as fresh as this, or a moment ago.
    /// - Parameter marketNow: the exchange's time, as far as known.
    func holds(_ data: borrowing MarketData, marketNow: Timestamp, _ now: Int64) -> Bool {
        guard let number = index.find(data.symbol) else { return false }
        if times[number] >= data.timestamp { return true }
        return speaks(now) && marketNow.since(times[number]) <= Self.hold
    }
}
