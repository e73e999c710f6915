public import CoreModels

extension RiskCore {
    /// How far the prices of the last 300 s of exchange time lie apart, in percent of the lowest:
    /// each symbol seen, in order of appearance (layer 2, docs/RISK.md).
    public var volatilities: [(symbol: Symbol, pct: Ratio)] {
        board.index.symbols.enumerated().compactMap { number, symbol in
            // In place: a symbol's market is too large to be copied for two prices.
            guard let high = board.markets[number].range.highest,
                let low = board.markets[number].range.lowest,
                let pct = high.percentChange(from: low, .nearest)
            else { return nil }
            return (symbol, pct)
        }
    }
}
