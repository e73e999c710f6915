import CoreModels
import Glibc
import MarketFiles
import MarketSources
import Operator
import Testing

/// Recorded prices that may lie beside the project; without them these tests are skipped.
@Suite("Real recorded prices")
struct RealMarketDataTests {
    static let folder: String = {
        var parts = #filePath.split(separator: "/")
        while let last = parts.last, last != "Tests" { _ = parts.popLast() }
        return "/" + parts.dropLast().joined(separator: "/") + "/../shared/marketdata/"
    }()
    static let isThere = access(folder, R_OK) == 0

    @Test(
        "of MEXC candles are read whole", .enabled(if: isThere, "../shared/marketdata is absent"),
        arguments: [
            ("BTCUSDT-1m-mexc-20windows_2026", "BTC_USDT", 66_358),
            ("ASTEROIDUSDT-1m-20260520_20260619", "ASTEROID_USDT", 43_188),
            ("BSBUSDT-1m-20260520_20260619", "BSB_USDT", 43_167),
            ("GUAUSDT-1m-20260520_20260619", "GUA_USDT", 43_128),
            ("SIRENUSDT-1m-20260520_20260619", "SIREN_USDT", 42_989),
            ("DOGEUSDT-1m-20260520_20260619", "DOGE_USDT", 43_148),
            ("PEPEUSDT-1m-20260520_20260619", "PEPE_USDT", 43_009),
        ])
    func candles(name: String, symbol: String, rows: Int) throws {
        let market = try RecordedMarket(
            paths: ["\(Self.folder)mexc_1m/\(name).csv.gz"], candles: .close)
        #expect(market.rows == rows)
        #expect(market.symbols.map(\.description) == [symbol])
        #expect(market.longestInterval == 60_000)
        #expect(market.surveys.map(\.malformed.count) == [0])
    }

    @Test(
        "of Binance trades are read whole",
        .enabled(if: isThere, "../shared/marketdata is absent"))
    func trades() throws {
        let path = "\(Self.folder)ticks/binance_trades_multi_hftbacktest_2023-2024.csv.gz"
        let market = try RecordedMarket(paths: [path], candles: .close)
        #expect(market.rows == 119_073)
        #expect(!market.hasCandles)
        var feed = try market.makeFeed()
        while try feed.next() != nil {}
        // All but the first of each of the four symbols.
        #expect(feed.sequence == 119_069)
        #expect(feed.refusals.isEmpty)
    }
}
