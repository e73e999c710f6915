import CoreModels
import MarketSources
import Testing
import WireFormats

@testable import SimulatedExchange

@Suite("What it answers over HTTP")
struct ReplyTests {
    @Test(
        "each path has its envelope",
        arguments: [
            ("ping", 0), ("detail", 0), ("detail?symbol=btc_usdt", 0), ("ticker", 0),
            ("ticker?symbol=BTC_USDT", 0), ("depth/BTC_USDT?limit=5", 0),
            ("depth_commits/BTC_USDT/10", 0), ("kline/BTC_USDT?interval=Min15", 0),
            ("kline/index_price/BTC_USDT", 0), ("kline/fair_price/BTC_USDT", 0),
            ("deals/BTC_USDT", 0), ("funding_rate/BTC_USDT", 0), ("funding_rate", 0),
            ("index_price/BTC_USDT", 0), ("fair_price/BTC_USDT", 0), ("support_currencies", 0),
            ("depth/BTCUSDT", 1001), ("ticker?symbol=NOPE_USDT", 1001), ("deals/NOPE_USDT", 1001),
            ("depth", 1001), ("kline/BTC_USDT?interval=1m", 600),
        ])
    func envelopes(_ path: String, _ code: Int64) throws {
        var desk = try Desk()
        let reply = try desk.get("/api/v1/contract/\(path)")
        #expect(reply["code"].integer == code)
        #expect(reply["success"].flag == (code == 0))
        #expect((reply["data"] == .null) == (code != 0))
        if code == 1001 { #expect(reply["message"].text == "Contract does not exist") }
    }

    @Test(
        "the spot side has no pairs and says so",
        arguments: [
            ("/api/v3/ping", 200), ("/api/v3/time", 200), ("/api/v3/exchangeInfo", 200),
            ("/api/v3/ticker/24hr", 200), ("/api/v3/ticker/24hr?symbol=BTCUSDT", 400),
            ("/api/v3/klines?symbol=BTCUSDT&interval=1m", 400),
            ("/api/v3/depth?symbol=BTCUSDT", 400), ("/api/v3/account", 404), ("/", 404),
        ])
    func spot(_ path: String, _ status: Int) throws {
        var desk = try Desk()
        let parts = path.split(separator: "?").map(String.init)
        let answer = desk.exchange.answer(
            HTTPRequest(method: "GET", path: parts[0], query: parts.count > 1 ? parts[1] : ""))
        #expect(answer.response.status.rawValue == status)
        let body = try JSONDocument.parse(answer.response.body)
        if status == 400 { #expect(body["code"].integer == -1121) }
    }

    @Test(
        "candles begin and end where they are asked to, 2000 at most",
        arguments: [
            ("", 1_441, nil, nil),
            ("&start=1789999800", 4, 1_789_999_800, 1_789_999_980),
            ("&start=1789999801", 3, 1_789_999_860, 1_789_999_980),
            ("&end=1789999859", 1_438, nil, 1_789_999_800),
            ("&start=1789999800&end=1789999860", 2, 1_789_999_800, 1_789_999_860),
            ("&start=1789999801&end=1789999859", 0, nil, nil),
            ("&start=1790003600", 0, nil, nil),
        ] as [(String, Int, Int64?, Int64?)])
    func candles(_ query: String, _ count: Int, _ first: Int64?, _ last: Int64?) throws {
        var desk = try Desk()
        let path = "/api/v1/contract/kline/BTC_USDT?interval=Min1\(query)"
        let columns = try desk.get(path)["data"]
        let times = try #require(columns["time"].list).compactMap(\.integer)
        #expect(times.count == count)
        if let first { #expect(times.first == first) }
        if let last { #expect(times.last == last) }
        for name in ["open", "close", "high", "low", "vol", "amount", "realOpen", "realClose"] {
            #expect(columns[name].list?.count == count)
        }
        for (earlier, later) in zip(times, times.dropFirst()) { #expect(later == earlier + 60) }
    }

    @Test("some minutes of the past are flat and without a trade")
    func flatMinutes() throws {
        var desk = try Desk()
        let columns = try desk.get("/api/v1/contract/kline/DUSTY_USDT?interval=Min1")["data"]
        let quiet = try #require(columns["vol"].list).indices.filter {
            columns["vol"].list?[$0].raw == 0
        }
        for place in quiet {
            #expect(columns["high"].list?[place] == columns["low"].list?[place])
            #expect(columns["amount"].list?[place].raw == 0)
        }
        #expect(!quiet.isEmpty)
    }

    @Test("deals are told newest first, a hundred at most")
    func deals() throws {
        var desk = try Desk()
        try desk.run(300_000, step: 1_000)
        let data = try desk.get("/api/v1/contract/deals/BTC_USDT")["data"]
        let deals = try #require(data.list)
        #expect(deals.count == 100)
        let times = deals.map { $0["t"].integer ?? 0 }
        #expect(times == times.sorted(by: >))
    }

    @Test("too many requests within two seconds are refused with 510, later ones answered")
    func budget() throws {
        var desk = try Desk()
        let codes = try (0..<12).map { _ in
            try desk.get("/api/v1/contract/ticker")["code"].integer
        }
        #expect(codes == Array(repeating: 0, count: 10) + [510, 510])
        try desk.run(2_000)
        #expect(try desk.get("/api/v1/contract/ticker")["code"].integer == 0)
    }

    @Test("the list has contracts that a screener of crypto leaves out")
    func oddContracts() throws {
        var desk = try Desk()
        let details = try #require(try desk.get("/api/v1/contract/detail")["data"].list)
        #expect(details.contains { $0["state"].integer != 0 })
        #expect(details.contains { $0["isHidden"].flag == true })
        #expect(details.contains { $0["type"].integer == 2 })
        #expect(details.contains { $0["settleCoin"].text != "USDT" })
        #expect(details.contains { $0["symbol"].text == "TSLASTOCK_USDT" })
        #expect(Set(details.map { $0["id"].integer }).count == details.count)
    }

    @Test("twelve hundred contracts are twelve hundred contracts", arguments: [43, 1_200, 6_000])
    func manyContracts(_ count: Int) throws {
        let listings = SeededPrices(seed: 1, origin: Timestamp(milliseconds: 0), contracts: count)
            .listings
        #expect(listings.count == count)
        #expect(Set(listings.map(\.symbol)).count == count)
    }
}
