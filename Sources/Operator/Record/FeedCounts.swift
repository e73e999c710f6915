import CoreModels
import WireFormats

/// Where each feed stands, and what one file of a recording has of it.
struct FeedCounts {
    struct Feed: Equatable {
        let name: String
        /// The last number heard.
        var last: Int64
        // Since the file began:
        var first: Int64?
        var messages: Int64 = 0
        /// Numbers that were never heard.
        var missed: Int64 = 0
        /// Came again, as a replay sends them when an answer is late; not recorded twice.
        var duplicates: Int64 = 0
    }

    /// The longest silent of more feeds than this is forgotten.
    static let limit = 64

    private(set) var feeds: [Feed] = []
    // Of all files:
    private(set) var missed: Int64 = 0
    private(set) var duplicates: Int64 = 0

    /// Whether the message is new; one made by hand always is.
    mutating func isNew(_ reference: MarketReference?) -> Bool {
        guard let reference else { return true }
        guard let index = feeds.firstIndex(where: { $0.name == reference.feed }) else {
            if feeds.count == Self.limit { feeds.removeFirst() }
            feeds.append(
                Feed(name: reference.feed, last: reference.sequence, first: reference.sequence))
            return true
        }
        let expected = feeds[index].last + 1
        guard reference.sequence >= expected else {
            feeds[index].duplicates += 1
            duplicates += 1
            return false
        }
        feeds[index].missed += reference.sequence - expected
        missed += reference.sequence - expected
        feeds[index].last = reference.sequence
        feeds[index].first = feeds[index].first ?? reference.sequence
        return true
    }

    mutating func recorded(_ reference: MarketReference?) {
        guard let index = feeds.firstIndex(where: { $0.name == reference?.feed }) else { return }
        feeds[index].messages += 1
    }

    /// What the file that ends here has of each feed; the next one begins.
    mutating func takeFile() -> [Feed] {
        let heard = feeds.filter { $0.first != nil || $0.duplicates > 0 }
        for index in feeds.indices {
            feeds[index] = Feed(name: feeds[index].name, last: feeds[index].last)
        }
        return heard
    }
}

extension FeedCounts.Feed {
    var value: Value {
        .object([
            .init("feed", .text(name)), .init("first_seq", first.map { .integer($0) } ?? .null),
            .init("last_seq", .integer(last)), .init("messages", .integer(messages)),
            .init("missed", .integer(missed)), .init("duplicates", .integer(duplicates)),
        ])
    }
}
