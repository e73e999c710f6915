import CoreModels
import Testing

@testable import Services

@Suite("what of a feed was missed or came again")
struct FeedTrackerTests {
    @Test(
        "gaps and duplicates are told per feed",
        arguments: [
            ([1, 2, 3], [FeedTracker.Receipt.new(missed: 0), .new(missed: 0), .new(missed: 0)]),
            ([5, 9], [.new(missed: 0), .new(missed: 3)]),
            ([5, 5, 4, 6], [.new(missed: 0), .duplicate, .duplicate, .new(missed: 0)]),
        ])
    func receipts(sequences: [Int64], expected: [FeedTracker.Receipt]) {
        var tracker = FeedTracker()
        let receipts = sequences.map {
            tracker.receive(MarketReference(feed: "a", sequence: $0))
        }
        #expect(receipts == expected)
    }

    @Test("feeds are apart, and only the longest known is forgotten")
    func manyFeeds() {
        var tracker = FeedTracker()
        for number in 0...FeedTracker.limit {
            _ = tracker.receive(MarketReference(feed: "feed-\(number)", sequence: 7))
        }
        #expect(tracker.sequence(of: "feed-0") == nil)
        #expect(tracker.sequence(of: "feed-1") == 7)
        #expect(tracker.sequence(of: "feed-\(FeedTracker.limit)") == 7)
    }
}

@Suite("which messages on a channel are our own")
struct OwnMessagesTests {
    private func isOwn(_ own: inout OwnMessages, _ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { own.isOwn($0) }
    }

    @Test("each published message is own once; what was lost before it does not matter")
    func ownOnce() {
        var own = OwnMessages()
        for text in ["first message", "second", "third one here"] {
            own.published(Array(text.utf8))
        }
        #expect(isOwn(&own, "first message"))
        #expect(!isOwn(&own, "first message"))
        #expect(!isOwn(&own, "forged"))
        #expect(isOwn(&own, "third one here"))
        #expect(!isOwn(&own, "second"))
    }
}
