import CoreModels
import Exchange
import Testing

/// One vector per shape the socket is known to send, and what it says.
@Suite("A frame of MEXC's futures socket") struct MEXCFrameTests {
    private static let facts: [(String, ExchangeFact)] = [
        (
            #"{"channel":"push.tickers","data":[{"amount24":1234.5,"contractId":7,"fairPrice":2.1,"#
                + #""lastPrice":2.0050,"maxBidPrice":3,"riseFallRate":-0.1,"symbol":"AB_USDT","#
                + #""timestamp":1790000000123,"volume24":7.548E+4},"#
                + #"{"symbol":"CD_USDT","lastPrice":1E-9,"timestamp":"1790000000124"}],"#
                + #""ts":1790000000125}"#,
            .tickers(
                [
                    Ticker(
                        symbol: symbol("AB_USDT"), timestamp: at(1_790_000_000_123),
                        lastPrice: number("2.005"), turnover24h: number("1234.5")),
                    Ticker(
                        symbol: symbol("CD_USDT"), timestamp: at(1_790_000_000_124),
                        lastPrice: number("0.000000001")),
                ], unreadable: 0)
        ),
        (
            #"{"symbol":"AB_USDT","data":{"symbol":"AB_USDT","lastPrice":0.080550,"bid1":0.08050,"#
                + #""ask1":0.08060,"amount24":6.106243567181E7,"riseFallRates":[-0.1,{"v":[1]}],"#
                + #""timestamp":1790000000000,"zone":"UTC+8"},"channel":"push.ticker","ts":"5"}"#,
            .tickers(
                [
                    Ticker(
                        symbol: symbol("AB_USDT"), timestamp: at(1_790_000_000_000),
                        lastPrice: number("0.08055"), turnover24h: number("61062435.67181"),
                        bid: number("0.0805"), ask: number("0.0806"))
                ], unreadable: 0)
        ),
        (
            #"{"symbol":"AB_USDT","data":[{"p":10.1,"v":3,"T":1,"O":3,"M":2,"t":1790000000002,"#
                + #""i":"77","cts":"1790000000002"},{"p":10,"v":1.5,"T":2,"t":"1790000000001"}],"#
                + #""channel":"push.deal","ts":1790000000003}"#,
            .trades(
                symbol("AB_USDT"),
                [
                    Trade(
                        timestamp: at(1_790_000_000_001), price: number("10"),
                        contracts: number("1.5"), side: .sell),
                    Trade(
                        timestamp: at(1_790_000_000_002), price: number("10.1"),
                        contracts: number("3"), side: .buy),
                ])
        ),
        (
            #"{"symbol":"AB_USDT","data":{"p":0.00981,"v":2040,"T":1,"O":3,"M":2,"t":1},"#
                + #""channel":"push.deal","ts":2}"#,
            .trades(
                symbol("AB_USDT"),
                [
                    Trade(
                        timestamp: at(1), price: number("0.00981"), contracts: number("2040"),
                        side: .buy)
                ], inOldForm: true)
        ),
        (
            #"{"symbol":"AB_USDT","data":{"cts":1790000000100,"asks":[[1.20,5,1],[1.1,7,2]],"#
                + #""bids":[[1.0,9.5,3]],"version":42},"channel":"push.depth.full","#
                + #""ts":1790000000109}"#,
            .book(
                Book(
                    symbol: symbol("AB_USDT"), timestamp: at(1_790_000_000_100), version: 42,
                    bids: [level("1", "9.5")], asks: [level("1.1", "7"), level("1.2", "5")]))
        ),
        (
            #"{"channel":"push.depth.full","symbol":"AB_USDT","ts":"1790000000109","#
                + #""data":{"cts":null,"asks":[],"bids":[],"version":222542631}}"#,
            .book(
                Book(
                    symbol: symbol("AB_USDT"), timestamp: at(1_790_000_000_109),
                    version: 222_542_631, bids: [], asks: []))
        ),
        (
            #"{"symbol":"AB_USDT","data":{"symbol":"AB_USDT","interval":"Min1","t":1790000040,"#
                + #""o":2,"c":3.5,"h":4,"l":1.5,"a":100.25,"q":50,"ro":2.1,"rc":3,"rh":4,"rl":2},"#
                + #""channel":"push.kline","ts":1790000050000}"#,
            .candles(
                symbol("AB_USDT"),
                [
                    Candle(
                        start: at(1_790_000_040_000), open: number("2"), high: number("4"),
                        low: number("1.5"), close: number("3.5"), turnover: number("100.25"))
                ])
        ),
        (
            #"{"channel":"pong","data":1790000000001,"ts":1790000000002}"#,
            .pong(at(1_790_000_000_001))
        ),
        (#"{"channel":"pong","ts":"1790000000002"}"#, .pong(at(1_790_000_000_002))),
        (#"{"channel":"pong"}"#, .pong(nil)),
        (#"{"channel":"rs.sub.deal","data":"success","ts":1}"#, .acknowledged("sub.deal")),
        (#"{"channel":"rs.unsub.depth.full","ts":1}"#, .acknowledged("unsub.depth.full")),
        (#"{"channel":"rs.login","data":"no such key"}"#, .complaint("login: no such key")),
        (
            #"{"channel":"rs.error","data":"Contract [NO_USDT] not exists","ts":1}"#,
            .complaint("Contract [NO_USDT] not exists")
        ),
        (
            #"{"channel":"push.funding.rate","data":{"rate":1},"symbol":5,"ts":{}}"#,
            .unknown("push.funding.rate")
        ),
        (#"{"channel":"push.moon","extra":[[[]]],"data":7}"#, .unknown("push.moon")),
        (#" { "ts" : 1 , "channel" : "pong" , "data" : 2 } "#, .pong(at(2))),
    ]

    @Test("says what it says", arguments: facts)
    func says(frame: String, fact: ExchangeFact) {
        #expect(decode(frame) == .success(fact))
    }

    @Test("does not depend on the order of its fields", arguments: facts)
    func order(frame: String, fact: ExchangeFact) {
        // The members of the outermost object, turned round.
        var members: [String] = []
        var member = ""
        var depth = 0
        for character in frame.drop(while: { $0 != "{" }).dropFirst() {
            if "[{".contains(character) { depth += 1 }
            if "]}".contains(character) { depth -= 1 }
            if depth < 0 { break }
            if character == ",", depth == 0 {
                members.append(member)
                member = ""
            } else {
                member.append(character)
            }
        }
        members.append(member)
        #expect(decode("{" + members.reversed().joined(separator: ",") + "}") == .success(fact))
    }

    private static func ticker(_ members: String) -> String {
        #"{"channel":"push.ticker","data":{"symbol":"AB_USDT",\#(members)}}"#
    }

    private static func book(_ members: String) -> String {
        #"{"channel":"push.depth.full","symbol":"AB_USDT","data":{\#(members)}}"#
    }

    @Test(
        "that lacks what it must have, or holds what cannot be, is refused with a reason",
        arguments: [
            ("", ExchangeError.Reason.malformed), ("hello", .malformed), ("[]", .invalidField),
            ("{}", .missingField), (#"{"channel":7}"#, .invalidField),
            (#"{"channel":"pong"} x"#, .malformed),
            (#"{"channel":"pong","channel":"pong"}"#, .malformed),
            (#"{"channel":"push.tickers"}"#, .missingField),
            (#"{"channel":"push.tickers","data":"success"}"#, .invalidField),
            (ticker(#""timestamp":1"#), .missingField),
            (ticker(#""lastPrice":0,"timestamp":1"#), .invalidField),
            (ticker(#""lastPrice":-1,"timestamp":1"#), .invalidField),
            (
                #"{"channel":"push.ticker","data":{"symbol":"A B","lastPrice":1,"timestamp":1}}"#,
                .invalidField
            ),
            (ticker(#""lastPrice":1,"timestamp":-1"#), .invalidField),
            (ticker(#""lastPrice":NaN,"timestamp":1"#), .malformed),
            (#"{"channel":"push.deal","data":[]}"#, .missingField),
            (
                #"{"channel":"push.deal","symbol":"AB_USDT","data":[{"p":1,"v":1,"T":3,"t":1}]}"#,
                .invalidField
            ),
            (
                #"{"channel":"push.deal","symbol":"AB_USDT","data":[{"p":1,"v":0,"T":1,"t":1}]}"#,
                .invalidField
            ),
            (book(#""cts":1,"asks":[],"bids":[]"#), .missingField),
            (book(#""asks":[],"bids":[],"version":1"#), .missingField),
            (book(#""cts":1,"asks":[[1]],"bids":[],"version":1"#), .invalidField),
            (book(#""cts":1,"asks":[[1,-1]],"bids":[],"version":1"#), .invalidField),
            (
                #"{"channel":"push.kline","symbol":"AB_USDT","#
                    + #""data":{"t":999999999999,"o":1,"c":1,"h":1,"l":1,"a":1}}"#,
                .invalidField
            ),
            (#"{"channel":"rs.error","ts":1}"#, .missingField),
        ])
    func refused(frame: String, reason: ExchangeError.Reason) {
        #expect(decode(frame).reason == reason)
    }

    @Test("names what is wrong")
    func names() {
        #expect(
            decode(Self.ticker(#""timestamp":1"#))
                == .failure(ExchangeError(.missingField, "data has no lastPrice")))
        #expect(
            decode(Self.ticker(#""lastPrice":0,"timestamp":1"#))
                == .failure(ExchangeError(.invalidField, "lastPrice is not above zero")))
    }

    @Test("of the whole market loses the rows that cannot be read and counts them")
    func unreadableRows() {
        let good = #"{"symbol":"AB_USDT","lastPrice":2,"timestamp":3}"#
        let bad = [
            "7", "{}", "[]", "null", #"{"symbol":"AB_USDT","lastPrice":"x","timestamp":3}"#,
            #"{"symbol":"AB_USDT","lastPrice":0.0,"timestamp":3}"#,
            #"{"symbol":"币安人生_USDT","lastPrice":1,"timestamp":3}"#,
            #"{"symbol":"AB_USDT","symbol":"AB_USDT","lastPrice":1,"timestamp":3}"#,
            #"{"symbol":"AB_USDT","lastPrice":1,"timestamp":3,"amount24":-1}"#,
        ]
        let rows = bad.flatMap { [$0, good] }.joined(separator: ",")
        let ticker = Ticker(symbol: symbol("AB_USDT"), timestamp: at(3), lastPrice: number("2"))
        #expect(
            decode(#"{"channel":"push.tickers","data":[\#(rows)]}"#)
                == .success(
                    .tickers(
                        Array(repeating: ticker, count: bad.count), unreadable: bad.count)))
    }

    @Test("takes a side of 0 as an empty one", arguments: ["0", "0.0", "null", "\"0\""])
    func emptyQuote(text: String) {
        let frame =
            #"{"channel":"push.ticker","data":{"symbol":"AB_USDT","lastPrice":1,"timestamp":1,"#
            + #""bid1":\#(text),"ask1":2}}"#
        let ticker = Ticker(
            symbol: symbol("AB_USDT"), timestamp: at(1), lastPrice: number("1"),
            ask: number("2"))
        #expect(decode(frame) == .success(.tickers([ticker], unreadable: 0)))
    }

    @Test("has at most 2 MiB and 16 levels")
    func limits() {
        let empty = #"{"channel":"push.moon","data":""}"#
        let padding = 2_097_152 - empty.utf8.count
        func frame(_ count: Int) -> String {
            #"{"channel":"push.moon","data":"\#(String(repeating: "x", count: count))"}"#
        }
        #expect(decode(frame(padding)) == .success(.unknown("push.moon")))
        #expect(decode(frame(padding + 1)).reason == .malformed)
        func nested(_ depth: Int) -> String {
            let brackets = ["[", "]"].map { String(repeating: $0, count: depth) }.joined()
            return #"{"channel":"push.moon","data":\#(brackets)}"#
        }
        #expect(decode(nested(15)) == .success(.unknown("push.moon")))
        #expect(decode(nested(16)).reason == .malformed)
    }

    @Test("keeps at most 200 characters of what the exchange says")
    func words() {
        let long = String(repeating: "w", count: 300)
        let kept = String(repeating: "w", count: 200)
        #expect(
            decode(#"{"channel":"rs.error","data":"\#(long)"}"#) == .success(.complaint(kept)))
        #expect(decode(#"{"channel":"\#(long)"}"#) == .success(.unknown(kept)))
    }
}
