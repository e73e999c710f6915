import CoreModels

/// Where each feed of market data stands, so that what was missed or doubled is counted.
struct FeedTracker {
    /// More producers than this at once is no market any more; the longest silent one is forgotten.
    static let limit = 64

    enum Receipt: Equatable {
        /// `missed` numbers lie between this message and the last one of its feed.
        case new(missed: Int64)
        case duplicate
    }

    private var last: [(feed: String, sequence: Int64)] = []

    /// The last number seen of a feed; nil for a feed never seen.
    func sequence(of feed: String) -> Int64? {
        last.first { $0.feed == feed }?.sequence
    }

    mutating func receive(_ reference: MarketReference) -> Receipt {
        guard let index = last.firstIndex(where: { $0.feed == reference.feed }) else {
            if last.count == Self.limit { last.removeFirst() }
            last.append((reference.feed, reference.sequence))
            return .new(missed: 0)
        }
        let known = last[index].sequence
        guard reference.sequence > known else { return .duplicate }
        last[index].sequence = reference.sequence
        return .new(missed: reference.sequence - known - 1)
    }
}
