/// Why something the exchange said of a symbol is not used. The raw value is the metric's `reason`;
/// those of the screener (`ScreenerRefusal`) and of the books (`BookRefusal`) stand beside them.
public enum LiveRejection: String, Sendable, CaseIterable {
    /// Not in the exchange's list of contracts, or the list has not come yet.
    case unknownSymbol = "unknown_symbol"
    /// Halted, hidden, not crypto or not quoted in USDT.
    case notTradable = "not_tradable"
    /// A row from before the last one of its symbol.
    case olderRow = "older_row"
    /// A row of a list that could not be read.
    case unreadableRow = "unreadable_row"
    /// A list of contracts without any contract.
    case emptyList = "empty_list"
    /// The bid and ask of a row that is older than a quote may be.
    case staleQuote = "stale_quote"
    /// The bid of a row is not below its ask.
    case crossedQuote = "crossed_quote"
    /// A quote of a book that no later book confirmed in time: withdrawn.
    case expiredBook = "book_expired"
    /// A number does not fit.
    case overflow
}
