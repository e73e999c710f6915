import CoreModels
import Testing
import WireFormats

@testable import SimulatedExchange

@Suite("The streams of a book")
struct BookStreamTests {
    private static let depth = "/api/v1/contract/depth/BTC_USDT"

    @Test(
        "changes applied to an earlier snapshot make the later one",
        arguments: [
            (1, "", 50, 1), (2, "", 5, 1), (3, "", 50, 60), (4, #","compress":false"#, 50, 1),
            (5, #","compress":false"#, 5, 20),
        ])
    func changes(_ seed: UInt64, _ compress: String, _ step: Int64, _ speed: Int64) throws {
        var desk = try Desk(seed: seed)
        desk.connect()
        desk.subscribe("depth", #""symbol":"BTC_USDT"\#(compress)"#)
        // Another client's stream moves the book between the changes.
        desk.subscribe("depth.full", #""symbol":"BTC_USDT","limit":5"#)
        try desk.run(2_000, step: step, speed: speed)
        var kept = KeptBook()
        try kept.apply(try desk.get(Self.depth)["data"])
        try desk.run(8_000, step: step, speed: speed)
        var told = KeptBook()
        try told.apply(try desk.get(Self.depth)["data"])
        var applied = 0
        for frame in try desk.frames("push.depth") {
            let data = frame["data"]
            let version = try #require(data["version"].integer)
            guard version > kept.version, version <= told.version else { continue }
            try kept.apply(data)
            applied += 1
        }
        #expect(applied > 10)
        // What was committed after the last push is still to come.
        try desk.run(400, step: step, speed: speed)
        if kept.version == told.version { #expect(kept == told) }
        #expect(told.version - kept.version < 1_000)
    }

    @Test("versions follow each other without a gap", arguments: [true, false])
    func sequence(_ isMerged: Bool) throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("depth", #""symbol":"ETH_USDT","compress":\#(isMerged)"#)
        try desk.run(20_000)
        var last: Int64?
        for frame in try desk.frames("push.depth") {
            let version = try #require(frame["data"]["version"].integer)
            let begin = frame["data"]["begin"].integer
            #expect((begin != nil) == isMerged)
            if let last { #expect((begin ?? version) == last + 1) }
            if isMerged { #expect(frame["data"]["end"].integer == version) }
            last = version
        }
        #expect(last != nil)
    }

    @Test("whole books are sorted, never crossed, and their version never goes down")
    func wholeBooks() throws {
        var desk = try Desk(at: Desk.start + 2_990_000)
        desk.connect()
        // Through the great fall of the script.
        desk.subscribe("depth.full", #""symbol":"AMBER_USDT","limit":20"#)
        try desk.run(30_000)
        let frames = try desk.frames("push.depth.full")
        #expect((95...105).contains(frames.count))
        var version: Int64 = 0
        for frame in frames {
            let data = frame["data"]
            let asks = try #require(data["asks"].list).map { $0.list?[0].raw ?? 0 }
            let bids = try #require(data["bids"].list).map { $0.list?[0].raw ?? 0 }
            #expect(asks.count == 20 && bids.count == 20)
            #expect(asks == asks.sorted() && bids == bids.sorted(by: >))
            #expect(bids[0] < asks[0])
            let next = try #require(data["version"].integer)
            #expect(next >= version)
            version = next
        }
    }

    @Test("best prices repeat often, but not always")
    func repeats() throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("depth.full", #""symbol":"BTC_USDT","limit":5"#)
        try desk.run(60_000)
        let best = try desk.frames("push.depth.full").map { frame in
            [
                frame["data"]["bids"].list?[0].list?[0].raw,
                frame["data"]["asks"].list?[0].list?[0].raw,
            ]
        }
        let same = zip(best, best.dropFirst()).count { $0 == $1 }
        #expect((20...95).contains(100 * same / best.count))
    }

    @Test("the commits are contiguous and told newest first")
    func commits() throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("depth", #""symbol":"BTC_USDT""#)
        try desk.run(5_000)
        let data = try desk.get("/api/v1/contract/depth_commits/BTC_USDT/50")["data"]
        let versions = try #require(data.list).map { $0["version"].integer ?? 0 }
        #expect(versions.count == 50)
        #expect(versions == (0..<50).map { versions[0] - $0 })
    }

    @Test("a delisted contract's book is empty and frozen")
    func delisted() throws {
        var desk = try Desk()
        let path = "/api/v1/contract/depth/DELISTED_USDT"
        let before = try desk.get(path)["data"]
        try desk.run(10_000)
        let after = try desk.get(path)["data"]
        #expect(before["asks"] == .list([]) && before["bids"] == .list([]))
        #expect(before["cts"] == .null)
        #expect(after["version"] == before["version"])
    }
}
