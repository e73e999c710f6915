/// How a candle becomes market data.
public enum CandleMode: String, Sendable, CaseIterable {
    /// One price, at its close.
    case close
    /// Four prices: open, low and high in the likelier order, close.
    case path
}
