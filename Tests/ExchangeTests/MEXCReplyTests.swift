import CoreModels
import Exchange
import Testing

@Suite("A reply of MEXC's futures REST") struct MEXCReplyTests {
    private static func answer(_ data: String) -> String {
        #"{"success":true,"code":0,"data":\#(data)}"#
    }

    private static let row =
        #"{"contractId":10,"symbol":"AB_USDT","lastPrice":7.548E+4,"bid1":75479.9,"ask1":75480.1,"#
        + #""volume24":1,"amount24":9.5E3,"timestamp":1790000000000,"riseFallRates":{"r":1}}"#
    private static let ticker = Ticker(
        symbol: symbol("AB_USDT"), timestamp: at(1_790_000_000_000), lastPrice: number("75480"),
        turnover24h: number("9500"), bid: number("75479.9"), ask: number("75480.1"))
    private static let twoCandles =
        #"{"time":[1790000060,1790000000],"open":[2,1.0],"close":[3,2],"high":[4,2.5],"#
        + #""low":[1.5,0.5],"vol":[1,0],"amount":[6.47966331717E7,0],"realOpen":[]}"#

    @Test(
        "says what was asked for",
        arguments: [
            (
                answer("1790145267966"), MarketQuestion.serverTime,
                ExchangeFact.serverTime(at(1_790_145_267_966))
            ),
            (answer("[\(row)]"), .tickers, .tickers([ticker], unreadable: 0)),
            (answer(row), .tickers, .tickers([ticker], unreadable: 0)),
            (answer("[\(row),{}]"), .tickers, .tickers([ticker], unreadable: 1)),
            (answer("[]"), .tickers, .tickers([], unreadable: 0)),
            (
                answer(twoCandles), candleQuestion,
                .candles(
                    symbol("AB_USDT"),
                    [
                        Candle(
                            start: at(1_790_000_000_000), open: number("1"), high: number("2.5"),
                            low: number("0.5"), close: number("2"), turnover: .zero),
                        Candle(
                            start: at(1_790_000_060_000), open: number("2"), high: number("4"),
                            low: number("1.5"), close: number("3"),
                            turnover: number("64796633.1717")),
                    ])
            ),
            (
                answer(#"{"time":[],"open":[],"close":[],"high":[],"low":[],"amount":[]}"#),
                candleQuestion, .candles(symbol("AB_USDT"), [])
            ),
            (
                answer(
                    #"{"asks":[[2.1,7,1],[2,6,1]],"bids":[[1,5,2]],"version":9,"cts":3,"#
                        + #""timestamp":4}"#), .book(symbol("AB_USDT")),
                .snapshot(
                    Book(
                        symbol: symbol("AB_USDT"), timestamp: at(4), version: 9,
                        bids: [level("1", "5")], asks: [level("2", "6"), level("2.1", "7")]))
            ),
            (
                answer(#"{"asks":[],"bids":[],"version":9,"cts":null,"timestamp":4}"#),
                .book(symbol("AB_USDT")),
                .snapshot(
                    Book(
                        symbol: symbol("AB_USDT"), timestamp: at(4), version: 9, bids: [], asks: []
                    ))
            ),
            (
                answer(
                    #"[{"symbol":"AB_USDT","fundingRate":-6.7E-5,"collectCycle":8,"#
                        + #""nextSettleTime":5},{"symbol":"AB_USDT"}]"#), .fundingRates,
                .fundingRates(
                    [
                        FundingRate(
                            symbol: symbol("AB_USDT"), rate: number("-0.000067"),
                            nextSettlement: at(5), cycleHours: 8)
                    ], unreadable: 1)
            ),
            (
                answer(#"{"symbol":"AB_USDT","fundingRate":0.01,"nextSettleTime":5}"#),
                .fundingRates,
                .fundingRates(
                    [
                        FundingRate(
                            symbol: symbol("AB_USDT"), rate: number("0.01"), nextSettlement: at(5))
                    ], unreadable: 0)
            ),
        ])
    func says(reply: String, question: MarketQuestion, fact: ExchangeFact) {
        #expect(decode(reply, to: question) == .success(fact))
    }

    @Test("may be larger than a frame: the list of contracts is, 8 MiB at most")
    func limit() {
        func reply(_ count: Int) -> String {
            Self.answer(
                #"[\#(Self.row.dropLast()),"note":"\#(String(repeating: "x", count: count))"}]"#)
        }
        let padding = 8_388_608 - reply(0).utf8.count
        let ticker = ExchangeFact.tickers([Self.ticker], unreadable: 0)
        #expect(decode(reply(padding), to: .tickers) == .success(ticker))
        #expect(decode(reply(padding + 1), to: .tickers).reason == .malformed)
    }

    @Test(
        "that refuses, or is none, is an error that says why",
        arguments: [
            (
                #"{"success":false,"code":1001,"message":"Contract does not exist"}"#,
                ExchangeError(.refused, "code 1001: Contract does not exist")
            ),
            (
                #"{"success":false,"code":510,"message":"Excessive frequency of requests"}"#,
                ExchangeError(.rateLimited, "code 510: Excessive frequency of requests")
            ),
            (#"{"code":510}"#, ExchangeError(.rateLimited, "code 510: no message")),
            (#"{"success":true,"code":500}"#, ExchangeError(.refused, "code 500: no message")),
            (#"{"success":false}"#, ExchangeError(.refused, "code 0: no message")),
            (#"{"success":true,"code":0}"#, ExchangeError(.missingField, "the reply has no data")),
            (#"{"code":0,"data":1}"#, ExchangeError(.missingField, "the reply has no success")),
            (#"<html>"#, ExchangeError(.malformed, "JSON unexpected at byte 0")),
            ("", ExchangeError(.malformed, "JSON unfinished at byte 0")),
        ])
    func refuses(reply: String, error: ExchangeError) {
        #expect(decode(reply, to: .serverTime) == .failure(error))
    }

    @Test(
        "with columns that do not fit each other is refused",
        arguments: [
            #"{"time":[1,2],"open":[1],"close":[1],"high":[1],"low":[1],"amount":[1]}"#,
            #"{"time":[1],"open":[1],"close":[1,2],"high":[1],"low":[1],"amount":[1]}"#,
            #"{"time":[1],"open":[1],"close":[1],"high":[1],"low":[1],"amount":[1,1]}"#,
            #"{"time":[1],"open":[0],"close":[1],"high":[1],"low":[1],"amount":[1]}"#,
            #"{"time":[1],"open":[1],"close":[1],"high":[1],"low":[1],"amount":[-1]}"#,
        ])
    func columns(data: String) {
        #expect(decode(Self.answer(data), to: candleQuestion).reason == .invalidField)
    }

    @Test(
        "with a book that has no time, no version or no size is refused",
        arguments: [
            (#"{"asks":[],"bids":[],"version":9}"#, .missingField),
            (#"{"asks":[],"bids":[],"timestamp":4}"#, .missingField),
            (#"{"asks":[[1]],"bids":[],"version":9,"timestamp":4}"#, .invalidField),
        ] as [(String, ExchangeError.Reason)])
    func books(data: String, reason: ExchangeError.Reason) {
        #expect(decode(Self.answer(data), to: .book(symbol("AB_USDT"))).reason == reason)
    }

    @Test("of another question is refused", arguments: ["7", "[]", #""x""#, "{}"])
    func other(data: String) {
        #expect(decode(Self.answer(data), to: candleQuestion).reason != nil)
    }
}
