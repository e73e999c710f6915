public import CoreModels

/// What the screeners (cdb_ws, cdb_rest, replays, backtests) are told by the configuration.
public struct ScreenerSettings: Equatable, Sendable {
    /// `LOOKBACK_MINUTES`: the window's length; above zero.
    public var lookbackMinutes: Int
    /// `SYMBOL_WHITELIST`: only these symbols; empty means all USDT pairs.
    public var whitelist: [Symbol]
    /// An empty whitelist means all symbols, whatever their quote currency: in recorded files.
    public var takesEveryQuote = false
    /// `TOP_N`: only the n symbols that moved most; 0 means all.
    public var topN: Int
    /// Into how many steps the window is cut, with one price each; 0 holds every price. It keeps the
    /// memory of a live feed small, whatever comes: the reference price is the first of its step.
    public var windowSteps: Int

    public init(
        lookbackMinutes: Int = 15, whitelist: [Symbol] = [], topN: Int = 0, windowSteps: Int = 0
    ) {
        self.lookbackMinutes = lookbackMinutes
        self.whitelist = whitelist
        self.topN = topN
        self.windowSteps = windowSteps
    }

    public static let `default` = ScreenerSettings()
}
