public import CoreModels
import DecisionCores
public import Exchange

// Filling the windows with candles, so that nobody waits for a lookback to pass.
extension LiveMarket {
    /// How often a symbol's candles are asked for before it goes without.
    static let fillingAttempts = 3
    private static let candleLength: Int64 = 60_000

    /// Whose candles to ask for next, and from when to when: the largest 24 h turnover first. Nil
    /// when all that have a price were asked for. The symbol counts as asked from now on.
    public mutating func nextWindow() -> MarketQuestion? {
        var best: Int?
        for number in symbols.indices where isFillable(number) {
            let isLarger = best.map { turnover($0) < turnover(number) } ?? true
            if isLarger { best = number }
        }
        guard let best, case .open(let attempts) = symbols[best].filling else { return nil }
        symbols[best].filling = .asked(attempts: attempts + 1)
        let through = symbols[best].time
        let lookback = Int64(settings.screener.lookbackMinutes) * 60_000
        return .candles(
            symbols[best].symbol, from: through.advanced(by: -lookback - Self.candleLength),
            through: through)
    }

    /// The candles of a symbol did not come.
    /// - Parameter counts: false when it was not the symbol's fault: it is asked for again as if it
    ///   had not been.
    public mutating func windowFailed(_ symbol: Symbol, counts: Bool = true) {
        guard let number = index.find(symbol), case .asked(let attempts) = symbols[number].filling
        else { return }
        if !counts {
            symbols[number].filling = .open(attempts: attempts - 1)
        } else if attempts < Self.fillingAttempts {
            symbols[number].filling = .open(attempts: attempts)
        } else {
            symbols[number].filling = .givenUp
        }
    }

    /// How many windows were filled, of how many that are wanted.
    public var windowProgress: (filled: Int, wanted: Int) {
        var filled = 0
        var wanted = 0
        for symbol in symbols where symbol.isWanted && symbol.isTradable && symbol.price != nil {
            wanted += 1
            if symbol.filling == .filled { filled += 1 }
        }
        return (filled, wanted)
    }

    /// A candle is its close at its end, with its whole turnover.
    mutating func fill(_ symbol: Symbol, _ candles: [Candle]) {
        guard let number = index.find(symbol), case .asked = symbols[number].filling else { return }
        let past = candles.map {
            PastPrice(
                time: $0.start.advanced(by: Self.candleLength), price: $0.close,
                turnover: $0.turnover)
        }
        guard screener.backfill(symbol, past) else { return windowFailed(symbol) }
        symbols[number].filling = .filled
    }

    private func isFillable(_ number: Int) -> Bool {
        guard case .open = symbols[number].filling else { return false }
        return symbols[number].isTradable && symbols[number].isWanted
            && symbols[number].time.milliseconds > .min
    }

    private func turnover(_ number: Int) -> Money { symbols[number].turnover24h ?? .zero }
}
