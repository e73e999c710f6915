import CoreModels

/// One numbered message of a replayed feed.
enum FeedItem {
    case marketData(MarketData)
    /// The last number of the feed: no quote will follow.
    case end(MarketReference)

    var sequence: Int64 {
        switch self {
        case .marketData(let data): data.reference?.sequence ?? 0
        case .end(let reference): reference.sequence
        }
    }
}
