public import DecisionCores
public import MarketSources

/// Where the simulated exchange's prices come from: a seed or recorded files.
public protocol PriceSource {
    /// Every symbol that a price may come of.
    var listings: [Listing] { get }

    /// The next price in order of time, with the turnover traded for it; nil when there are no more.
    mutating func next() throws(MarketFileError) -> Observation?
}
