import CoreModels
import Testing
import WireFormats

@testable import SimulatedExchange

@Suite("What clients say over the socket")
struct RequestTests {
    @Test(
        "each request has the exchange's answer",
        arguments: [
            (#"{"method":"sub.tickers","param":{}}"#, "rs.sub.tickers", "success"),
            (#"{"method":"sub.tickers","params":{}}"#, "rs.sub.tickers", "success"),
            (#"{"method":"sub.ticker","param":{"symbol":"BTC_USDT"}}"#, "rs.sub.ticker", "success"),
            (#"{"method":"sub.deal","param":{"symbol":"BTC_USDT"}}"#, "rs.sub.deal", "success"),
            (
                #"{"method":"sub.depth.full","param":{"symbol":"BTC_USDT","limit":5}}"#,
                "rs.sub.depth.full", "success"
            ),
            (
                #"{"method":"sub.kline","param":{"symbol":"BTC_USDT","interval":"Min1"}}"#,
                "rs.sub.kline", "success"
            ),
            (#"{"method":"sub.contract"}"#, "rs.sub.contract", "success"),
            (#"{"method":"unsub.tickers","param":{}}"#, "rs.unsub.tickers", "success"),
            (
                #"{"method":"sub.deal","param":{"symbol":"NOPE_USDT"}}"#, "rs.error",
                "Contract [NOPE_USDT] not exists"
            ),
            (
                #"{"method":"sub.deal","param":{"symbol":"BTCUSDT"}}"#, "rs.error",
                "Contract [BTCUSDT] not exists"
            ),
            (
                #"{"method":"sub.depth.full","param":{"symbol":"BTC_USDT"}}"#, "rs.error",
                "Parameter [limit] is invalid"
            ),
            (
                #"{"method":"sub.kline","param":{"symbol":"BTC_USDT","interval":"1m"}}"#,
                "rs.error", "Parameter [interval] is invalid"
            ),
        ])
    func answers(_ request: String, _ channel: String, _ data: String) throws {
        var desk = try Desk()
        desk.connect()
        desk.send(request)
        #expect(desk.outputs.count == 1)
        let frame = try #require(try desk.frames(channel).first)
        #expect(frame["data"].text == data)
        #expect(frame["symbol"] == .null)
    }

    @Test(
        "what it does not understand it passes over in silence",
        arguments: [
            "", "hello", "{", "[]", #"{"method":"sub.everything"}"#, #"{"method":7}"#,
            #"{"param":{}}"#, #"{"method":"unsub.nothing","param":{}}"#,
        ])
    func silence(_ text: String) throws {
        var desk = try Desk()
        desk.connect()
        desk.send(text)
        try desk.run(1_000)
        #expect(desk.outputs.isEmpty)
    }

    @Test("a subscription to a contract without its name costs the connection")
    func noName() throws {
        var desk = try Desk()
        desk.connect()
        desk.send(#"{"method":"sub.deal","param":{}}"#)
        #expect(desk.outputs == [.cut(1)])
    }

    @Test("a second subscription is acknowledged and does not double the stream")
    func twice() throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("ticker", #""symbol":"BTC_USDT""#)
        desk.subscribe("ticker", #""symbol":"BTC_USDT""#)
        try desk.run(2_600)
        #expect(try desk.frames("rs.sub.ticker").count == 2)
        #expect(try desk.frames("push.ticker").count == 1)
    }

    @Test("after an unsubscription nothing comes")
    func unsubscribed() throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("depth.full", #""symbol":"BTC_USDT","limit":5"#)
        try desk.run(1_000)
        desk.send(#"{"method":"unsub.depth.full","param":{"symbol":"BTC_USDT"}}"#)
        let before = try desk.frames("push.depth.full").count
        try desk.run(2_000)
        #expect(before > 0)
        #expect(try desk.frames("push.depth.full").count == before)
    }

    @Test("a ping is answered with the time, twice where there is one")
    func ping() throws {
        var desk = try Desk()
        desk.connect()
        desk.send(#"{"method":"ping"}"#)
        let pong = try #require(try desk.frames("pong").first)
        #expect(pong["data"].integer == Desk.start)
        #expect(pong["ts"].integer == Desk.start)
    }

    @Test("sixty seconds after the last ping it closes with a notice, however busy")
    func idle() throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("tickers", "")
        try desk.run(30_000)
        desk.send(#"{"method":"ping"}"#)
        try desk.run(59_900, step: 100)
        #expect(!desk.outputs.contains(.cut(1)))
        try desk.run(100)
        #expect(desk.outputs.last == .cut(1))
        #expect(
            try desk.frames("rs.error").last?["data"].text
                == "more than 60 seconds no response, close the channel")
    }

    @Test("the time is a text now and then, and a number otherwise")
    func timeShapes() throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("fair.price", #""symbol":"BTC_USDT""#)
        try desk.run(30_000)
        let times = try desk.frames("push.fair.price").map { $0["ts"] }
        #expect(times.contains { $0.text != nil } && times.contains { $0.integer != nil })
    }
}
