import CoreModels

/// A numbered sequence of market data, the same in every run.
protocol ReplaySource {
    /// `replay-` + 16 hex digits that name the content.
    var feed: String { get }
    /// The next message, numbered; nil at the end.
    mutating func next() throws -> MarketData?
    /// Leaves out everything up to this number.
    mutating func skip(through sequence: Int64) throws
}
