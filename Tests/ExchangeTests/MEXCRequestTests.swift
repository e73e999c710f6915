import CoreModels
import Exchange
import Testing

@Suite("MEXC is asked") struct MEXCRequestTests {
    @Test(
        "over the socket in its own words",
        arguments: [
            (FeedRequest.ping, #"{"method":"ping"}"#),
            (.subscribeTickers, #"{"method":"sub.tickers","param":{}}"#),
            (
                .subscribeBook(symbol("AB_USDT")),
                #"{"method":"sub.depth.full","param":{"symbol":"AB_USDT","limit":5}}"#
            ),
            (
                .subscribeTrades(symbol("AB_USDT")),
                #"{"method":"sub.deal","param":{"symbol":"AB_USDT"}}"#
            ),
            (
                .unsubscribeBook(symbol("AB_USDT")),
                #"{"method":"unsub.depth.full","param":{"symbol":"AB_USDT","limit":5}}"#
            ),
            (
                .unsubscribeTrades(symbol("AB_USDT")),
                #"{"method":"unsub.deal","param":{"symbol":"AB_USDT"}}"#
            ),
        ])
    func requests(request: FeedRequest, text: String) {
        #expect(String(decoding: MEXCContract().encode(request), as: UTF8.self) == text)
    }

    private static func candles(_ from: Int64, _ through: Int64) -> MarketQuestion {
        .candles(symbol("AB_USDT"), from: at(from), through: at(through))
    }

    @Test(
        "over REST by paths; candles in whole seconds inside what was asked for",
        arguments: [
            (MarketQuestion.serverTime, "ping"), (.instruments, "detail"), (.tickers, "ticker"),
            (.book(symbol("AB_USDT")), "depth/AB_USDT?limit=5"), (.fundingRates, "funding_rate"),
            (candles(60_000, 120_000), "kline/AB_USDT?interval=Min1&start=60&end=120"),
            (candles(60_001, 119_999), "kline/AB_USDT?interval=Min1&start=61&end=119"),
            (candles(-5, 999), "kline/AB_USDT?interval=Min1&start=0&end=0"),
            (
                candles(.max, .max),
                "kline/AB_USDT?interval=Min1&start=9223372036854775&end=9223372036854775"
            ),
        ])
    func paths(question: MarketQuestion, path: String) {
        #expect(MEXCContract().path(of: question) == "/api/v1/contract/" + path)
    }

    @Test(
        "and its complaints are understood as far as something follows from them",
        arguments: [
            ("Contract [NO_USDT] not exists", ExchangeComplaint.unknownSymbol(symbol("NO_USDT"))),
            ("more than 60 seconds no response, close the channel", .idle),
            ("Contract [] not exists", .other), ("Contract [A B] not exists", .other),
            ("Contract [NO_USDT] not exists, really", .other), ("[", .other), ("", .other),
        ])
    func complaints(words: String, meaning: ExchangeComplaint) {
        #expect(MEXCContract().meaning(of: words) == meaning)
    }
}
