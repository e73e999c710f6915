import CoreModels
import EventSchema
import Glibc
import PrivateServers
import Testing
import TestKit
import WireFormats

extension EndToEnd {
    @Suite("cdb_rest") struct RESTFeedTests {
        @Test("works alone: polls, fills the windows with candles, offers bid and ask")
        func alone() throws {
            let stack = try FeedStack()
            stack.exchange.candles((0..<20).map { _ in "80" })
            try stack.exchange.start()
            let feed = try stack.start("cdb_rest")
            try stack.wait("the window is filled and tells a change", saying: [.rest]) {
                stack.data.contains { $0.volume > Money(1000) && $0.pctChange > Ratio(20) }
            }
            try stack.wait("a bid and an ask are offered", saying: [.rest]) {
                stack.data.contains { $0.bid != nil && $0.ask != nil }
            }
            let quoted = try #require(stack.data.last { $0.bid != nil && $0.ask != nil })
            #expect(quoted.source == .rest)
            #expect(quoted.reference?.feed.hasPrefix("mexc_rest-") == true)
            try stack.wait("it is ready", saying: [.rest]) { feed.isReady }
            #expect(try feed.document("/status")["windows"]["filled"].integer == 2)
            #expect(
                feed.metric(
                    #"cdb_rest_requests_total{endpoint="kline",status_code="200"}"#) == 2)
            feed.process.signal(SIGTERM)
            #expect(feed.process.wait(seconds: 5) == .exited(0))
        }

        @Test("errors with status 200, rate limits and broken servers are counted and waited out")
        func errors() throws {
            let stack = try FeedStack()
            try stack.exchange.start()
            let feed = try stack.start("cdb_rest")
            try stack.wait("market data come", saying: [.rest]) { stack.published(by: .rest) > 2 }
            func series(_ status: String) -> Double? {
                feed.metric(
                    #"cdb_rest_requests_total{endpoint="ticker",status_code="\#(status)"}"#)
            }
            let ticker = "/api/v1/contract/ticker"
            stack.exchange.reply(ticker, #"{"success":false,"code":500,"message":"try later"}"#)
            try stack.wait("a refusal is counted") { series("refused") ?? 0 >= 1 }
            stack.exchange.reply(ticker, "{}", status: .serviceUnavailable)
            try stack.wait("a broken server is counted") { series("503") ?? 0 >= 1 }
            try stack.wait("the exchange is out of reach") {
                stack.lastHealth(of: "cdb_rest")?.detail["code"].text == "HTTP_503"
            }
            #expect(stack.lastHealth(of: "cdb_rest")?.exchangeIsReachable == false)
            stack.exchange.reply(ticker, #"{"success":false,"code":510,"message":"too many"}"#)
            try stack.wait("a rate limit makes a pause") {
                try series("510") ?? 0 >= 1 && feed.document("/status")["rest_paused"].flag == true
            }
            let seen = stack.data.count
            try stack.wait("market data come again", saying: [.rest]) {
                stack.published(by: .rest, since: seen) > 2 && feed.isReady
            }
        }

        @Test("is silent while cdb_ws publishes, and takes over when that falls silent")
        func fallback() throws {
            let stack = try FeedStack()
            try stack.exchange.start()
            let socket = try stack.start("cdb_ws")
            try stack.wait("the socket publishes", saying: [.websocket, .rest]) {
                stack.published(by: .websocket) > 4
            }
            let fallback = try stack.start("cdb_rest")
            try stack.wait("the fallback counts what it leaves out", saying: [.websocket, .rest]) {
                fallback.metric(#"cdb_market_data_rejected_total{reason="fresher_source"}"#) ?? 0
                    > 4
            }
            #expect(stack.published(by: .rest) == 0)
            #expect(fallback.isReady)
            socket.kill()
            try stack.wait("the fallback takes over", seconds: 8, saying: [.rest]) {
                stack.published(by: .rest) > 1
            }
            let again = try stack.start("cdb_ws")
            try stack.wait("the socket is back", saying: [.websocket, .rest]) {
                again.isReady && stack.data.suffix(6).allSatisfy { $0.source == .websocket }
            }
        }

        @Test(
            "a missing password and an address that is none end the start with 1",
            arguments: ["cdb_ws", "cdb_rest"])
        func refusedStart(_ name: String) throws {
            let missing = try Programs.run(name, [])
            #expect(missing.status == .exited(1))
            #expect(missing.output.contains("REDIS_PASSWORD"))
            #expect(!missing.output.contains("POSTGRES"))
            let badURL = try Programs.run(
                name, [],
                environment: [
                    "REDIS_PASSWORD": "r", "MEXC_WS_URL": "nowhere", "MEXC_REST_URL": "nowhere",
                    "CDB_WS_PORT": "0", "CDB_REST_PORT": "0",
                ])
            #expect(badURL.status == .exited(1))
            #expect(badURL.output.contains("nowhere is no address"))
        }
    }
}
