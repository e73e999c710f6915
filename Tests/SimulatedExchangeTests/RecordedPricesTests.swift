import CoreModels
import MarketSources
import Testing
import WireFormats

@testable import SimulatedExchange

@Suite("Recorded files as the exchange's prices")
struct RecordedPricesTests {
    /// Minutes of BTC: one that moves, two that stand still without turnover, one that moves.
    private static let file = """
        open_time_ms,open,high,low,close,volume_base
        1790000040000,100.5,101.25,100,101,12
        1790000100000,101,101,101,101,0
        1790000160000,101,101,101,101,0
        1790000220000,101,103,101,102.5,7
        """

    private static func prices() throws -> RecordedPrices {
        try RecordedPrices { () throws(MarketFileError) in
            let file = try MarketFile(
                name: "BTCUSDT-1m.csv", source: ByteArraySource(Array(Self.file.utf8)))
            return try MarketMerge([try ObservationStream(file, candles: .path)])
        }
    }

    @Test("symbols, price steps and the span are learned from the files")
    func survey() throws {
        let prices = try Self.prices()
        #expect(prices.listings.map(\.symbol.description) == ["BTC_USDT"])
        #expect(prices.listings[0].decimals == 2)
        #expect(prices.span.lowerBound.milliseconds == 1_790_000_055_000)
        #expect(prices.span.upperBound.milliseconds == 1_790_000_279_999)
    }

    @Test("the past is flat, then come the recorded candles, and at the end the market stands")
    func candles() throws {
        let prices = try Self.prices()
        let start = prices.span.lowerBound
        var exchange = try SimulatedExchange(
            prices: prices, start: start, at: Moment(market: start.milliseconds, wall: 0))
        #expect(!exchange.hasEnded)
        try exchange.step(to: Moment(market: 1_790_000_400_000, wall: 1_000))
        #expect(exchange.hasEnded)
        let answer = exchange.answer(
            HTTPRequest(
                method: "GET", path: "/api/v1/contract/kline/BTC_USDT",
                query: "interval=Min1&start=1789999920"))
        let columns = try JSONDocument.parse(answer.response.body)["data"]
        func column(_ name: String) -> [String] {
            (columns[name].list ?? []).map { Ratio(raw: $0.raw ?? -1).description }
        }
        let closes = [
            "100.5", "100.5", "101.0", "101.0", "101.0", "102.5", "102.5", "102.5", "102.5",
        ]
        #expect(column("close") == closes)
        #expect(column("open") == ["100.5"] + closes.dropLast())
        #expect(column("high")[2...6] == ["101.25", "101.0", "101.0", "103.0", "102.5"])
        #expect(column("low")[2...6] == ["100.0", "101.0", "101.0", "101.0", "102.5"])
        let isFlat = column("vol").map { $0 == "0.0" }
        #expect(isFlat == [true, true, false, true, true, false, true, true, true])
    }
}
