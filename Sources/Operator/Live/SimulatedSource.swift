import CoreModels
import DecisionCores
import Ledger
import MarketSources
import WireFormats

/// The synthetic market as the source of a replay: equal seed, start and screener, equal feed.
struct SimulatedSource: ReplaySource {
    private var market: SyntheticMarket
    var feed: String { market.feed }

    init(seed: UInt64, start: Timestamp, screener: ScreenerSettings) {
        let name =
            "sim \(seed) \(start.milliseconds) \(screener.lookbackMinutes) \(screener.topN) "
            + screener.whitelist.map(\.description).joined(separator: ",")
        market = SyntheticMarket(
            seed: seed, start: start, feed: ReplayFeed.name(SHA256Digest.hash(Array(name.utf8))),
            screener: screener)
    }

    mutating func next() throws -> MarketData? { market.next() }

    mutating func skip(through sequence: Int64) throws { market.skip(through: sequence) }

    /// The time of the first message after `sequence`.
    func time(after sequence: Int64) -> Timestamp? {
        var copy = market
        copy.skip(through: sequence)
        return copy.next()?.timestamp
    }
}
