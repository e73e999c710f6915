import CoreModels
import Testing
import WireFormats

@testable import SimulatedExchange

@Suite("The stream of rows")
struct RowStreamTests {
    @Test(
        "the whole list and the changed rows after it make the list that REST tells",
        arguments: [(1, 50, 1), (2, 5, 1), (3, 50, 60), (4, 1_000, 1)])
    func merging(_ seed: UInt64, _ step: Int64, _ speed: Int64) throws {
        var desk = try Desk(seed: seed)
        desk.connect()
        desk.subscribe("tickers", "")
        try desk.run(12_000, step: step, speed: speed)
        let frames = try desk.frames("push.tickers")
        #expect(frames.count > 3)
        var merged: [String: Value] = [:]
        for frame in frames {
            for row in try #require(frame["data"].list) {
                let name = try #require(row["symbol"].text)
                merged[name] = row
            }
        }
        let first = try #require(frames[0]["data"].list)
        let told = try #require(try desk.get("/api/v1/contract/ticker")["data"].list)
        #expect(first.count == told.count)
        // Rows that have changed since the last frame are the next frame's.
        let last = try #require(frames.last?["ts"].integer)
        for row in told where try #require(row["timestamp"].integer) <= last {
            let name = try #require(row["symbol"].text)
            let kept = try #require(merged[name])
            for field in ["lastPrice", "volume24", "amount24", "riseFallRate", "contractId"] {
                #expect(kept[field].raw == row[field].raw, "\(field) of \(row["symbol"])")
            }
        }
    }

    @Test("frames after the first carry only some of the rows")
    func changedRows() throws {
        var desk = try Desk(contracts: 300)
        desk.connect()
        desk.subscribe("tickers", "")
        try desk.run(500)
        desk.connect(2)
        desk.subscribe("tickers", "", from: 2)
        try desk.run(4_000)
        let first = try desk.frames("push.tickers")
        let second = try desk.frames("push.tickers", of: 2)
        let all = try #require(first[0]["data"].list?.count)
        let changed = try #require(first[1]["data"].list?.count)
        #expect(second[0]["data"].list?.count == all)
        #expect(changed < all)
    }

    @Test("a frame comes every two seconds of market time", arguments: [1, 10, 60])
    func cadence(_ speed: Int64) throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("tickers", "")
        try desk.run(60_000 / speed, step: 5, speed: speed)
        let times = try desk.frames("push.tickers").map { try #require($0["ts"].integer) }
        for (earlier, later) in zip(times, times.dropFirst()) {
            #expect(abs(later - earlier - 2_000) <= 5 * speed)
        }
        #expect((29...31).contains(times.count))
    }

    @Test("every number of a row fits the others")
    func consistency() throws {
        var desk = try Desk()
        try desk.run(20_000)
        let rows = try #require(try desk.get("/api/v1/contract/ticker")["data"].list)
        let details = try #require(try desk.get("/api/v1/contract/detail")["data"].list)
        for (row, detail) in zip(rows, details) where detail["state"].integer == 0 {
            #expect(row["symbol"] == detail["symbol"])
            let last = try #require(row["lastPrice"].fixed(PriceUnit.self))
            let size = try #require(detail["contractSize"].fixed(QuantityUnit.self))
            let worth = try #require(last.times(size, .nearest))
            let volume = try #require(row["volume24"].integer)
            let amount = try #require(row["amount24"].fixed(MoneyUnit.self))
            let ratio = amount.double / (worth.double * Double(volume))
            #expect((0.8...1.25).contains(ratio), "\(row["symbol"])")
            let tick = try #require(detail["priceUnit"].raw)
            let bid = try #require(row["bid1"].raw)
            let ask = try #require(row["ask1"].raw)
            #expect(bid < ask && bid <= last.raw + tick && ask >= last.raw - tick)
            let low = try #require(row["lower24Price"].raw)
            let high = try #require(row["high24Price"].raw)
            #expect(low <= last.raw && last.raw <= high)
            #expect(last.raw % tick == 0)
        }
    }
}
