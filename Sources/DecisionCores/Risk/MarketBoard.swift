import CoreModels

/// Everything known per symbol, in an array indexed by the symbol's number. The numbers depend on
/// the order of appearance and never reach an output.
struct MarketBoard: Sendable {
    private(set) var index = SymbolIndex()
    var markets: [SymbolMarket] = []
    /// How many symbols are beyond their stop-loss and not flat yet.
    private(set) var stopLossesReached = 0
    private var touched = TouchedNumbers()

    /// The symbol's number; a new one brings blank entries.
    mutating func number(of symbol: Symbol) -> Int {
        let number = index.number(of: symbol)
        if number == markets.count { markets.append(SymbolMarket()) }
        return number
    }

    /// A quote that may price new orders.
    func tradableQuote(_ number: Int) -> Quote? {
        markets[number].quote.isTradable ? markets[number].quote : nil
    }

    mutating func setStopLossReached(_ reached: Bool, _ number: Int) {
        guard markets[number].watch.stopLossReached != reached else { return }
        markets[number].watch.stopLossReached = reached
        stopLossesReached += reached ? 1 : -1
    }

    mutating func restoreWatch(_ number: Int, _ value: Value) -> Bool {
        var watch = markets[number].watch
        guard watch.restore(value) else { return false }
        let reached = watch.stopLossReached
        watch.stopLossReached = markets[number].watch.stopLossReached
        markets[number].watch = watch
        setStopLossReached(reached, number)
        return true
    }

    /// Marks the symbol's quote and windows as changed.
    mutating func touch(_ number: Int) { touched.mark(number) }

    /// The symbols whose quote or windows changed since the last call; in no order.
    mutating func takeTouched() -> [Symbol] {
        let symbols = touched.numbers.map { index.symbols[$0] }
        for number in touched.numbers { markets[number].range.settle() }
        touched.clear()
        return symbols
    }
}
