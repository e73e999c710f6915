import CoreModels
import DecisionCores
import MarketFiles
import MarketSources
import Operator
import Testing

@Suite("Files of recorded prices")
struct RecordedMarketTests {
    /// 20,000 trades: more than one piece, compressed too.
    static let lines = (0..<20_000).map {
        "\(1_700_000_000_000 + $0 * 7),\(100 + $0 * 7919 % 1000).\($0 * 31 % 97),"
            + "\($0 * 17 % 13 + 1)\n"
    }
    static let text = "ts_ms,price,qty\n" + lines.joined()
    static let halves = [
        "ts_ms,price,qty\n" + lines[..<9_000].joined(), lines[9_000...].joined(),
    ]

    static func messages(_ market: RecordedMarket, after: Int64 = 0) throws -> [MarketData] {
        var feed = try market.makeFeed(after: after)
        var all: [MarketData] = []
        while var data = try feed.next() {
            data.reference?.feed = ""
            all.append(data)
        }
        return all
    }

    @Test("Plain, gzip and Zstandard files of the same rows are the same market")
    func sameMarket() throws {
        let folder = try TemporaryFolder()
        let plain = try RecordedMarket(
            paths: [folder.write(Self.text, as: "BTCUSDT-a.csv")], candles: .close)
        let gzip = try RecordedMarket(
            paths: [folder.writeGzip(Self.halves, as: "BTCUSDT-b.csv.gz")], candles: .close)
        // The content decides, not the name.
        let zstandard = try RecordedMarket(
            paths: [folder.writeZstandard(Self.halves, as: "BTCUSDT-c.csv")], candles: .close)
        let expected = try Self.messages(plain)
        #expect(expected.count == 19_999)
        #expect(try Self.messages(gzip) == expected)
        #expect(try Self.messages(zstandard) == expected)
        #expect(try Self.messages(zstandard, after: 19_990) == Array(expected.dropFirst(19_990)))
        #expect(gzip.rows == 20_000)
        #expect(!gzip.hasCandles)
        #expect(gzip.longestInterval == 0)
        #expect(gzip.span?.lowerBound.milliseconds == 1_700_000_000_000)
    }

    @Test("The feed is named by the stored bytes and the candle mode")
    func named() throws {
        let folder = try TemporaryFolder()
        let text =
            "open_time_ms,open,high,low,close,volume_base\n60000,1,1,1,1,1\n120000,1,1,1,1,1\n"
        let path = try folder.write(text, as: "BTCUSDT-1m.csv")
        let close = try RecordedMarket(paths: [path], candles: .close)
        // printf '%s' "$text" "close" | sha256sum
        #expect(close.feed == "replay-3ab4eebc45e8e3f4")
        let copy = try folder.write(text, as: "BTCUSDT-1m-copy.csv")
        #expect(try RecordedMarket(paths: [copy], candles: .close).feed == close.feed)
        #expect(try RecordedMarket(paths: [path], candles: .path).feed != close.feed)
        #expect(try RecordedMarket(paths: [path, copy], candles: .close).feed != close.feed)
        #expect(close.hasCandles)
        #expect(close.longestInterval == 60_000)
    }

    @Test("Symbols of other quote currencies are replayed unless a whitelist says otherwise")
    func whitelist() throws {
        let folder = try TemporaryFolder()
        let text =
            "ts_ms,symbol,price,qty\n"
            + (0..<10).map {
                "\(1_700_000_000_000 + $0),\($0 % 2 == 0 ? "ETHBTC" : "SOLUSDC"),0.05,1\n"
            }.joined()
        let market = try RecordedMarket(
            paths: [folder.write(text, as: "x.csv")], candles: .close)
        #expect(market.symbols.map(\.description) == ["ETH_BTC", "SOL_USDC"])
        #expect(try Self.messages(market).count == 8)
        var narrow = try market.makeFeed(
            screener: ScreenerSettings(whitelist: [try #require(Symbol("ETH_BTC"))]))
        #expect(try narrow.next()?.symbol.description == "ETH_BTC")
        while try narrow.next() != nil {}
        #expect(narrow.sequence == 4)
        #expect(narrow.refusals == [.notWhitelisted: 5])
    }

    @Test("What cannot be read is refused in words that name the file")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let gzip = try folder.read(folder.writeGzip([Self.text], as: "whole.gz"))
        let zstandard = try folder.read(folder.writeZstandard([Self.text], as: "whole.zst"))
        var damaged = gzip
        for place in 1_000..<1_100 { damaged[place] ^= 0x5A }
        let cases: [(String, String)] = [
            ("\(folder.path)/none.csv", "cannot be read: open: No such file or directory"),
            (folder.path, "cannot be read: it is a directory: name the files in it"),
            (
                try folder.write([0x50, 0x4B, 3, 4, 0, 0], as: "BTCUSDT.zip"),
                "cannot be read: it is a zip archive: unzip it first"
            ),
            (
                try folder.write(Array(gzip.dropLast(9)), as: "BTCUSDT-cut.csv.gz"),
                "cannot be read: gzip: it ends in the middle"
            ),
            (
                try folder.write(Array(zstandard.dropLast(9)), as: "BTCUSDT-cut.csv.zst"),
                "cannot be read: zstd: it ends in the middle"
            ),
            (
                try folder.write(damaged, as: "BTCUSDT-damaged.csv.gz"),
                "cannot be read: gzip: its compressed data are damaged (-3)"
            ),
            (try folder.write("", as: "BTCUSDT-empty.csv"), "holds no rows"),
        ]
        for (path, reason) in cases {
            let error = #expect(throws: MarketFileError.self) {
                try RecordedMarket(paths: [path], candles: .close)
            }
            #expect(error?.description == "\(path): \(reason)")
        }
    }
}
