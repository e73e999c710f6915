import CoreModels
import DecisionCores
import MarketSources
import Testing

@Suite("A replay's feed")
struct ReplayFeedTests {
    static let digest: [UInt8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x42]

    static func feed(_ text: String = CandleModeTests.candles) throws -> ReplayFeed {
        try ReplayFeed(digest: digest, files: [Market.file(text)], candles: .close)
    }

    static func all(_ feed: ReplayFeed) throws -> [MarketData] {
        var feed = feed
        var all: [MarketData] = []
        while let data = try feed.next() { all.append(data) }
        return all
    }

    @Test("numbers what the screener makes of the files, under the digest's name")
    func numbered() throws {
        let all = try Self.all(Self.feed())
        let symbol = try #require(Symbol("BTC_USDT"))
        let feed = "replay-0123456789abcdef"
        // The first candle gives no change to tell.
        #expect(
            all == [
                MarketData(
                    symbol: symbol, timestamp: Timestamp(milliseconds: 1_700_000_120_000),
                    price: Price("11.5") ?? .zero, volume: Money(70),
                    pctChange: Ratio("-4.167") ?? .zero, interval: "15m", source: .replay,
                    reference: MarketReference(feed: feed, sequence: 1)),
                MarketData(
                    symbol: symbol, timestamp: Timestamp(milliseconds: 1_700_000_180_000),
                    price: Price("11.5") ?? .zero, volume: Money(70),
                    pctChange: Ratio("-4.167") ?? .zero, interval: "15m", source: .replay,
                    reference: MarketReference(feed: feed, sequence: 2)),
            ])
        #expect(all.allSatisfy { $0.reference?.isLockStep == true })
    }

    @Test("goes on after any message as if it had not stopped", arguments: [0, 1, 7, 298, 299])
    func resumed(last: Int64) throws {
        let text = Market.trades(300).joined(separator: "\n")
        let whole = try Self.all(Self.feed(text))
        #expect(whole.count == 299)
        var feed = try Self.feed(text)
        #expect(try feed.skip(through: last))
        #expect(feed.sequence == last)
        #expect(try Self.all(feed) == Array(whole.dropFirst(Int(last))))
    }

    @Test("says when the files end before the message it should go on after")
    func tooShort() throws {
        var feed = try Self.feed()
        #expect(try !feed.skip(through: 3))
    }

    @Test("tells its progress in rows and bytes")
    func progress() throws {
        let text = Market.trades(3_000).joined(separator: "\n")
        var feed = try Self.feed(text)
        let total = Int64(text.utf8.count)
        #expect(feed.progress.bytes < total)
        while try feed.next() != nil {}
        #expect(
            feed.progress
                == ReplayProgress(rows: 3_000, bytes: total, bytesTotal: total, messages: 2_999))
    }
}
