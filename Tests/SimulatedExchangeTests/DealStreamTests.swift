import CoreModels
import Testing
import WireFormats

@testable import SimulatedExchange

@Suite("Deals and candles")
struct DealStreamTests {
    @Test("deals add up to the candles, minute by minute", arguments: [1, 7])
    func deals(_ seed: UInt64) throws {
        var desk = try Desk(seed: seed)
        desk.connect()
        desk.subscribe("deal", #""symbol":"SOL_USDT""#)
        for _ in 0..<4 {
            try desk.run(45_000, step: 500)
            desk.send(#"{"method":"ping"}"#)
        }
        let detail = try desk.get("/api/v1/contract/detail?symbol=SOL_USDT")["data"]
        let size = try #require(detail["contractSize"].fixed(QuantityUnit.self))
        var contracts: [Int64: Int64] = [:]
        var amounts: [Int64: Money] = [:]
        for frame in try desk.frames("push.deal") {
            for deal in try #require(frame["data"].list) {
                let minute = try #require(deal["t"].integer) / 60_000 * 60
                let count = try #require(deal["v"].integer)
                let price = try #require(deal["p"].fixed(PriceUnit.self))
                let worth = try #require(price.times(size, .nearest))
                contracts[minute, default: 0] += count
                amounts[minute, default: .zero] += Money(raw: worth.raw * Int128(count))
            }
        }
        let columns = try desk.get("/api/v1/contract/kline/SOL_USDT?interval=Min1")["data"]
        let times = try #require(columns["time"].list)
        // The first minute began before anybody listened.
        for place in times.indices.suffix(3) {
            let minute = try #require(times[place].integer)
            #expect(columns["vol"].list?[place].raw == Quantity(Int(contracts[minute] ?? 0)).raw)
            #expect(columns["amount"].list?[place].raw == (amounts[minute] ?? .zero).raw)
        }
    }

    @Test("both shapes of push.deal tell the same deals")
    func shapes() throws {
        var plain = try Desk()
        plain.connect()
        plain.subscribe("deal", #""symbol":"BTC_USDT""#)
        var old = plain
        try old.fault(#"{"fault":"deal_object","for_ms":60000}"#)
        try plain.run(30_000)
        try old.run(30_000)
        let arrays = try plain.frames("push.deal").flatMap {
            Array(($0["data"].list ?? []).reversed())
        }
        let objects = try old.frames("push.deal").map { $0["data"] }
        #expect(!objects.isEmpty)
        #expect(arrays == objects)
    }

    @Test("how finely time passes changes no candle", arguments: [5, 300, 5_000])
    func steps(_ step: Int64) throws {
        var fine = try Desk(contracts: 60)
        var coarse = fine
        try fine.run(120_000, step: 100)
        try coarse.run(120_000, step: step)
        for symbol in ["BTC_USDT", "AMBER_USDT", "BABA_USDT"] {
            let path = "/api/v1/contract/kline/\(symbol)?interval=Min1"
            #expect(try fine.get(path) == coarse.get(path))
        }
    }

    @Test("an exchange opened later has the prices of one that was always open")
    func laterStart() throws {
        var old = try Desk()
        try old.run(1_800_000, step: 1_000)
        var new = try Desk(at: old.now.market)
        for symbol in ["BTC_USDT", "AMBER_USDT", "DUSTY_USDT"] {
            let candles = "/api/v1/contract/kline/\(symbol)?interval=Min1"
            #expect(try old.get(candles) == new.get(candles))
            let row = "/api/v1/contract/ticker?symbol=\(symbol)"
            #expect(try old.get(row) == new.get(row))
            let book = "/api/v1/contract/depth/\(symbol)"
            let before = try #require(try old.get(book)["data"]["version"].integer)
            let after = try #require(try new.get(book)["data"]["version"].integer)
            #expect(after > before)
        }
    }

    @Test("a push of candles is the last window that REST tells", arguments: ["Min1", "Min15"])
    func candlePush(_ interval: String) throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("kline", #""symbol":"BTC_USDT","interval":"\#(interval)""#)
        try desk.run(10_000)
        let push = try #require(try desk.frames("push.kline").last)["data"]
        let told = try desk.get("/api/v1/contract/kline/BTC_USDT?interval=\(interval)")["data"]
        for (name, column) in [
            ("t", "time"), ("o", "open"), ("c", "close"), ("h", "high"), ("l", "low"), ("q", "vol"),
            ("a", "amount"), ("ro", "realOpen"), ("rh", "realHigh"), ("rl", "realLow"),
        ] {
            #expect(push[name].raw == told[column].list?.last?.raw, "\(name)")
        }
    }

    @Test("equal seeds and inputs give equal bytes, other seeds others")
    func determinism() throws {
        func session(_ seed: UInt64) throws -> [Output] {
            var desk = try Desk(seed: seed, contracts: 80)
            desk.connect()
            for topic in ["tickers", "ticker", "deal", "depth", "funding.rate", "fair.price"] {
                desk.subscribe(topic, #""symbol":"BTC_USDT""#)
            }
            desk.subscribe("depth.full", #""symbol":"ETH_USDT","limit":5"#)
            try desk.run(10_000)
            return desk.outputs
        }
        #expect(try session(1) == session(1))
        #expect(try session(1) != session(2))
    }
}
