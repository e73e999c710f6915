import CoreModels

/// Everything known per symbol, in arrays indexed by the symbol's number. The numbers depend on the
/// order of appearance and never reach an output.
struct MarketBoard: Sendable {
    private(set) var index = SymbolIndex()
    var quotes: [Quote] = []
    var ranges: [RangeWindow] = []
    var spreads: [SpreadWindow] = []
    var watches: [SymbolWatch] = []
    /// How many symbols are beyond their stop-loss and not flat yet.
    private(set) var stopLossesReached = 0
    private var touched = TouchedNumbers()

    /// The symbol's number; a new one brings blank entries.
    mutating func number(of symbol: Symbol) -> Int {
        let number = index.number(of: symbol)
        if number == quotes.count { append() }
        return number
    }

    /// A market_data was received.
    @inline(__always)
    mutating func apply(_ data: borrowing MarketData, to number: Int, at now: Timestamp) {
        quotes[number].see(data, at: now)
        ranges[number].add(data.price, at: data.timestamp.milliseconds)
        if data.bid != nil || data.ask != nil {
            spreads[number].add(bid: data.bid, ask: data.ask)
        }
        touch(number)
    }

    /// A quote that may price new orders.
    func tradableQuote(_ number: Int) -> Quote? {
        quotes[number].isTradable ? quotes[number] : nil
    }

    mutating func setStopLossReached(_ reached: Bool, _ number: Int) {
        guard watches[number].stopLossReached != reached else { return }
        watches[number].stopLossReached = reached
        stopLossesReached += reached ? 1 : -1
    }

    mutating func restoreWatch(_ number: Int, _ value: Value) -> Bool {
        var watch = watches[number]
        guard watch.restore(value) else { return false }
        let reached = watch.stopLossReached
        watch.stopLossReached = watches[number].stopLossReached
        watches[number] = watch
        setStopLossReached(reached, number)
        return true
    }

    /// Marks the symbol's quote and windows as changed.
    mutating func touch(_ number: Int) { touched.mark(number) }

    /// The symbols whose quote or windows changed since the last call; in no order.
    mutating func takeTouched() -> [Symbol] {
        let symbols = touched.numbers.map { index.symbols[$0] }
        for number in touched.numbers { ranges[number].settle() }
        touched.clear()
        return symbols
    }

    private mutating func append() {
        quotes.append(Quote())
        ranges.append(RangeWindow())
        spreads.append(SpreadWindow())
        watches.append(SymbolWatch())
    }
}
