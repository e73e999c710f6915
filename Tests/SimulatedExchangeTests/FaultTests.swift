import CoreModels
import Testing
import WireFormats

@testable import SimulatedExchange

@Suite("Faults on demand")
struct FaultTests {
    /// A client of everything, a fault, and two seconds.
    private func session(_ fault: String, run: Int64 = 2_500) throws -> Desk {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("tickers", "")
        desk.subscribe("depth.full", #""symbol":"BTC_USDT","limit":5"#)
        desk.subscribe("deal", #""symbol":"BTC_USDT""#)
        try desk.run(3_000)
        desk.outputs = []
        try desk.fault(fault)
        try desk.run(run)
        return desk
    }

    private func shown(_ desk: Desk, _ fault: Fault) -> Int64 {
        let page = desk.exchange.plan.page(at: desk.now.wall)
        return page["faults"].list?.first { $0["fault"].text == fault.rawValue }?["shown"].integer
            ?? -1
    }

    @Test("half a frame comes once, then nothing, then the end")
    func halfFrame() throws {
        var desk = try session(#"{"fault":"half_frame","for_ms":1000}"#)
        #expect(desk.outputs.count == 2)
        guard case .halfFrame(let bytes, to: 1) = desk.outputs[0] else {
            Issue.record("not half a frame")
            return
        }
        #expect(bytes.count > 10_000)
        #expect(desk.outputs[1] == .cut(1))
        desk.send(#"{"method":"ping"}"#)
        #expect(desk.outputs.count == 2)
        #expect(shown(desk, .halfFrame) == 1)
    }

    @Test("a connection is cut in the middle of a frame")
    func cutMidFrame() throws {
        let desk = try session(#"{"fault":"cut_mid_frame"}"#)
        #expect(desk.outputs.count == 2)
        #expect(desk.outputs.last == .cut(1))
    }

    @Test("a stale feed answers pings and pushes nothing, then goes on")
    func stale() throws {
        var desk = try session(#"{"fault":"stale","for_ms":2500}"#)
        #expect(desk.outputs.isEmpty)
        desk.send(#"{"method":"ping"}"#)
        #expect(try desk.frames("pong").count == 1)
        try desk.run(2_500)
        #expect(try desk.frames("push.tickers").count >= 1)
        #expect(try desk.frames("push.depth.full").count >= 7)
    }

    @Test("versions fall behind those before, then are right again")
    func versionRegression() throws {
        let before = try session(#"{"fault":"deal_array"}"#)
        let desk = try session(#"{"fault":"version_regression","for_ms":1000}"#)
        let right = try before.frames("push.depth.full").compactMap {
            $0["data"]["version"].integer
        }
        let wrong = try desk.frames("push.depth.full").compactMap { $0["data"]["version"].integer }
        #expect(right.count == wrong.count)
        #expect(zip(right, wrong).contains { $0 - $1 == 1_000 })
        #expect(right.last == wrong.last)
    }

    @Test("acknowledgements come twice")
    func duplicateAcks() throws {
        var desk = try session(#"{"fault":"duplicate_acks"}"#)
        desk.outputs = []
        desk.subscribe("ticker", #""symbol":"BTC_USDT""#)
        #expect(try desk.frames("rs.sub.ticker").count == 2)
    }

    @Test("pongs come late by as much as was asked for")
    func slowPong() throws {
        var desk = try session(#"{"fault":"slow_pong","value":800}"#, run: 50)
        desk.send(#"{"method":"ping"}"#)
        try desk.run(750)
        #expect(try desk.frames("pong").isEmpty)
        try desk.run(50)
        #expect(try desk.frames("pong").count == 1)
    }

    @Test("connections are cut and refused, then let in")
    func refuseConnections() throws {
        var desk = try session(#"{"fault":"refuse_connections","for_ms":1000}"#, run: 100)
        #expect(desk.outputs == [.cut(1)])
        #expect(desk.exchange.refusesConnections)
        desk.connect(2)
        #expect(desk.outputs.last == .cut(2))
        try desk.run(1_000)
        #expect(!desk.exchange.refusesConnections)
        desk.connect(3)
        desk.send(#"{"method":"ping"}"#, from: 3)
        #expect(try desk.frames("pong", of: 3).count == 1)
    }

    @Test("a frame is no JSON")
    func wrongJSON() throws {
        let desk = try session(#"{"fault":"wrong_json"}"#, run: 100)
        #expect(throws: JSONError.self) {
            for text in desk.texts() {
                _ = try JSONDocument.parse(text, limit: JSONReader.frameLimit)
            }
        }
    }

    @Test("a contract is unknown for a while")
    func unknownContract() throws {
        var desk = try session(#"{"fault":"unknown_contract","symbol":"ETH_USDT"}"#)
        #expect(try desk.frames("rs.error")[0]["data"].text == "Contract [ETH_USDT] not exists")
        #expect(try desk.get("/api/v1/contract/depth/ETH_USDT")["code"].integer == 1001)
        #expect(try desk.get("/api/v1/contract/depth/BTC_USDT")["code"].integer == 0)
        try desk.run(5_000)
        #expect(try desk.get("/api/v1/contract/depth/ETH_USDT")["code"].integer == 0)
    }

    @Test("a contract that never was is complained of, and all others stay known")
    func contractThatNeverWas() throws {
        var desk = try session(#"{"fault":"unknown_contract"}"#)
        #expect(try desk.frames("rs.error")[0]["data"].text == "Contract [GHOST_USDT] not exists")
        #expect(try desk.get("/api/v1/contract/depth/ETH_USDT")["code"].integer == 0)
    }

    @Test(
        "REST fails in each of its ways",
        arguments: [
            ("rest_510", 200, 0), ("rest_500", 500, 0), ("rest_429", 429, 0),
            ("rest_slow", 200, 3_000),
        ])
    func rest(_ fault: String, _ status: Int, _ delay: Int64) throws {
        var desk = try session(#"{"fault":"\#(fault)"}"#)
        let answer = desk.exchange.answer(
            HTTPRequest(method: "GET", path: "/api/v1/contract/ticker"))
        #expect(answer.response.status.rawValue == status)
        #expect(answer.delay == delay)
        if fault == "rest_510" {
            #expect(try JSONDocument.parse(answer.response.body)["code"].integer == 510)
        }
        if fault == "rest_429" {
            #expect(answer.response.fields == [.init("Retry-After", "1")])
        }
        try desk.run(5_000)
        let after = desk.exchange.answer(HTTPRequest(method: "GET", path: "/api/v1/contract/ping"))
        #expect(after.response.status == .ok && after.delay == 0)
    }

    @Test("the exchange's clock is ahead or behind", arguments: [3_000, -3_000])
    func clockSkew(_ skew: Int64) throws {
        var desk = try session(#"{"fault":"clock_skew","value":\#(skew)}"#)
        desk.send(#"{"method":"ping"}"#)
        #expect(try desk.frames("pong")[0]["data"].integer == desk.now.market + skew)
        #expect(try desk.get("/api/v1/contract/ping")["data"].integer == desk.now.market + skew)
    }

    @Test("books are crossed, or have one side")
    func books() throws {
        let crossed = try session(#"{"fault":"crossed_book","for_ms":60000}"#)
        for frame in try crossed.frames("push.depth.full") {
            let bid = try #require(frame["data"]["bids"].list?[0].list?[0].raw)
            let ask = try #require(frame["data"]["asks"].list?[0].list?[0].raw)
            #expect(bid > ask)
        }
        let half = try session(#"{"fault":"one_sided_book","for_ms":60000}"#)
        let frames = try half.frames("push.depth.full")
        #expect(frames.count > 5)
        for frame in frames {
            #expect(frame["data"]["asks"] == .list([]))
            #expect(frame["data"]["bids"].list?.count == 5)
        }
    }

    @Test("the notice of an idle connection comes, and the end")
    func idleCloseNotice() throws {
        let desk = try session(#"{"fault":"idle_close_notice"}"#)
        #expect(try desk.frames("rs.error").count == 1)
        #expect(desk.outputs.last == .cut(1))
    }

    @Test("pushes are compressed")
    func gzipFrames() throws {
        let desk = try session(#"{"fault":"gzip_frames"}"#)
        #expect(desk.texts().isEmpty)
        #expect(desk.outputs.count > 5)
    }

    @Test("a channel is new")
    func unknownChannel() throws {
        let desk = try session(#"{"fault":"unknown_channel"}"#)
        #expect(try desk.frames("push.liquidations").count == 1)
    }

    @Test("a frame is as long as was asked for")
    func bigFrame() throws {
        let desk = try session(#"{"fault":"big_frame","value":1500000}"#, run: 50)
        let lengths = desk.texts().map(\.count)
        #expect(lengths.contains { $0 > 1_500_000 && $0 < 1_600_000 })
    }

    @Test("faults of a script begin at their time")
    func script() throws {
        var desk = try session(#"{"fault":"unknown_channel","at_ms":4000}"#, run: 950)
        #expect(try desk.frames("push.liquidations").isEmpty)
        try desk.run(50)
        #expect(try desk.frames("push.liquidations").count == 1)
    }

    @Test(
        "orders that make no sense are refused with the remedy",
        arguments: [
            ("", "a fault is a JSON object"), ("{}", "\"fault\" has to be one of half_frame, "),
            (#"{"fault":"earthquake"}"#, "\"fault\" has to be one of half_frame, "),
            (#"{"fault":"stale","for_ms":-1}"#, "\"for_ms\" has to be a whole number"),
            (#"{"fault":"stale","for":5}"#, "a fault has no member \"for\""),
        ])
    func refusals(_ json: String, _ words: String) {
        do throws(FaultOrder.Refusal) {
            _ = try FaultOrder(json: Array(json.utf8))
            Issue.record("accepted")
        } catch {
            #expect(error.description.hasPrefix(words))
        }
    }

    @Test("the control page tells what was done and takes orders")
    func controlPage() throws {
        var desk = try session(#"{"fault":"wrong_json"}"#)
        let order = HTTPRequest(
            method: "POST", path: "/sim/faults", body: Array(#"{"fault":"stale"}"#.utf8))
        #expect(desk.exchange.answer(order).response.status == .accepted)
        try desk.run(1_000)
        let page = try desk.get("/sim/faults")
        let stale = page["faults"].list?.first { $0["fault"].text == "stale" }
        #expect(stale?["begun"].integer == 1)
        #expect(stale?["left_ms"].integer == 4_050)
        #expect(page["faults"].list?.count == Fault.allCases.count)
        let status = try desk.get("/sim/status")
        #expect(status["connections"].integer == 1)
        #expect(status["subscriptions"].list?.count == 3)
    }
}
