/// One minute, or several, of a contract: prices in ticks.
struct Candle: Equatable, Sendable {
    /// The close before it.
    var open: Int64
    /// The first trade; the open where nothing traded.
    var first: Int64
    /// With the open.
    var high: Int64
    var low: Int64
    /// Of its trades alone.
    var tradedHigh: Int64
    var tradedLow: Int64
    var close: Int64
    var contracts: Int64 = 0
    /// Sum of ticks × contracts.
    var amount: Int128 = 0

    /// Without a trade.
    init(flat price: Int64) {
        open = price
        first = price
        high = price
        low = price
        tradedHigh = price
        tradedLow = price
        close = price
    }

    mutating func trade(_ ticks: Int64, _ count: Int64) {
        if contracts == 0 {
            first = ticks
            tradedHigh = ticks
            tradedLow = ticks
        }
        tradedHigh = max(tradedHigh, ticks)
        tradedLow = min(tradedLow, ticks)
        high = max(high, ticks)
        low = min(low, ticks)
        close = ticks
        contracts += count
        amount += Int128(ticks) * Int128(count)
    }

    /// Takes the candle that follows this one into it.
    mutating func join(_ next: Candle) {
        if next.contracts > 0 {
            if contracts == 0 {
                first = next.first
                tradedHigh = next.tradedHigh
                tradedLow = next.tradedLow
            }
            tradedHigh = max(tradedHigh, next.tradedHigh)
            tradedLow = min(tradedLow, next.tradedLow)
        }
        high = max(high, next.high)
        low = min(low, next.low)
        close = next.close
        contracts += next.contracts
        amount += next.amount
    }
}
