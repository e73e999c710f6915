public import CoreModels

extension RiskCore {
    /// How far the prices of the last 300 s of exchange time lie apart, in percent of the lowest:
    /// each symbol seen, in order of appearance (layer 2, docs/RISK.md).
    public var volatilities: [(symbol: Symbol, pct: Ratio)] {
        zip(board.index.symbols, board.markets).compactMap { symbol, market in
            guard let high = market.range.highest, let low = market.range.lowest,
                let pct = high.percentChange(from: low, .nearest)
            else { return nil }
            return (symbol, pct)
        }
    }
}
