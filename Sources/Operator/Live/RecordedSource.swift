import CoreModels
import DecisionCores
import MarketFiles
import MarketSources

/// Recorded files as the source of a replay.
final class RecordedSource: ReplaySource {
    private var market: ReplayFeed
    let feed: String

    init(_ recorded: RecordedMarket, screener: ScreenerSettings) throws(MarketFileError) {
        market = try recorded.makeFeed(screener: screener)
        feed = market.name
    }

    func next() throws -> MarketData? { try market.next() }

    func skip(through sequence: Int64) throws { _ = try market.skip(through: sequence) }

    /// Part of the files that is read, in per mille.
    var readInThousand: Int {
        let progress = market.progress
        return progress.bytesTotal > 0 ? Int(progress.bytes * 1000 / progress.bytesTotal) : 1000
    }
}
