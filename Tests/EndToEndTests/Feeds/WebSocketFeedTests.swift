import CoreModels
import EventSchema
import Glibc
import PrivateServers
import ServiceKit
import Testing
import TestKit

extension EndToEnd {
    @Suite("cdb_ws") struct WebSocketFeedTests {
        @Test("says that the exchange is away, and begins when it comes; SIGTERM ends it with 0")
        func life() throws {
            let stack = try FeedStack()
            let feed = try stack.start("cdb_ws")
            try stack.wait("the exchange is out of reach") {
                stack.lastHealth(of: "cdb_ws")?.detail["code"].text == "REFUSED"
            }
            let first = try #require(stack.lastHealth(of: "cdb_ws"))
            #expect(first.exchangeIsReachable == false)
            #expect(first.status == .error)
            #expect(first.detail["parameters"]["LOOKBACK_MINUTES"].integer == 15)
            #expect(feed.page("/livez")?.status == 200)
            #expect(feed.page("/health")?.status == 503)
            #expect(try feed.failsCheck("feed"))

            try stack.exchange.start()
            try stack.wait("market data come", saying: [.websocket]) {
                stack.exchange.wasTold("sub.tickers") && stack.published(by: .websocket) >= 4
            }
            try stack.wait("the exchange is in reach", saying: [.websocket]) {
                stack.lastHealth(of: "cdb_ws")?.exchangeIsReachable == true && feed.isReady
            }
            let data = try #require(stack.data.first)
            #expect(data.reference?.feed.hasPrefix("mexc_ws-") == true)
            #expect(
                stack.data.compactMap(\.reference?.sequence) == Array(1...Int64(stack.data.count)))
            #expect(data.bid == nil && data.ask == nil)
            try stack.wait("the top is told") {
                let top = try feed.document("/top?n=1")["gainers"].list ?? []
                return top.count == 1 && top.first?["symbol"].symbol != nil
            }
            #expect(feed.page("/top5")?.status == 200)
            #expect(feed.page("/top?n=0")?.status == 400)
            let status = try feed.document("/status")
            #expect(status["connected"].flag == true)
            #expect((status["last_message_age_ms"].integer ?? .max) < 5000)
            #expect(status["subscriptions"].list?.first?["stream"].text == "tickers")
            #expect(status["clock_skew_ms"].integer != nil)
            #expect(feed.metric("cdb_websocket_connections_active") == 1)
            let received = feed.metric(
                #"cdb_market_data_received_total{symbol="BTC_USDT",source="mexc_ws"}"#)
            #expect((received ?? 0) >= 2)

            let started = SystemClock.monotonicMilliseconds
            feed.process.signal(SIGTERM)
            #expect(feed.process.wait(seconds: 5) == .exited(0))
            #expect(SystemClock.monotonicMilliseconds - started < 5000)
        }

        @Test("follows the book of what moves and what is held; a crossed one is no quote")
        func books() throws {
            let stack = try FeedStack()
            try stack.exchange.start()
            let feed = try stack.start("cdb_ws")
            try stack.wait("the book and the deals of a mover are asked for", saying: [.websocket])
            {
                stack.exchange.wasTold(
                    #"{"method":"sub.depth.full","param":{"symbol":"BTC_USDT","limit":5}}"#)
                    && stack.exchange.wasTold(
                        #"{"method":"sub.deal","param":{"symbol":"BTC_USDT"}}"#)
            }
            var seen = stack.data.count
            stack.exchange.sayBook("BTC_USDT", bid: "99.5", ask: "100.5", version: 10)
            try stack.wait("the quote is published") {
                stack.data.dropFirst(seen).contains {
                    $0.symbol == Symbol("BTC_USDT") && $0.bid == Price("99.5")
                        && $0.ask == Price("100.5")
                }
            }
            seen = stack.data.count
            stack.exchange.sayBook("BTC_USDT", bid: "100.5", ask: "99.5", version: 11)
            try stack.wait("the quote is withdrawn") {
                stack.data.dropFirst(seen).contains {
                    $0.symbol == Symbol("BTC_USDT") && $0.bid == nil
                }
            }
            #expect(stack.data.dropFirst(seen).allSatisfy { $0.bid == nil })
            stack.exchange.sayBook("BTC_USDT", bid: "99.5", ask: "100.5", version: 9)
            try stack.wait("both are counted") {
                feed.metric(#"cdb_market_data_rejected_total{reason="book_crossed"}"#) == 1
                    && feed.metric(#"cdb_market_data_rejected_total{reason="book_version"}"#) == 1
            }
        }

        @Test(
            "asks for the book of what is held when it is quiet, and shows its funding",
            arguments: ["cdb_ws", "cdb_rest"])
        func quietBook(name: String) throws {
            let stack = try FeedStack()
            stack.exchange.reply(
                "/api/v1/contract/funding_rate",
                #"{"success":true,"code":0,"data":[{"symbol":"BTC_USDT","fundingRate":0.0001,"#
                    + #""collectCycle":8,"nextSettleTime":1790000000000}]}"#)
            try stack.exchange.start()
            let feed = try stack.start(name)
            let source: MarketSource = name == "cdb_ws" ? .websocket : .rest
            try stack.wait("market data come", saying: [.websocket, .rest]) {
                stack.published(by: source) > 2
            }
            #expect(stack.exchange.timesAsked("/api/v1/contract/depth") == 0)
            let seen = stack.data.count
            try stack.wait("the book that was asked for is offered") {
                try stack.hold("BTC_USDT")
                stack.exchange.book("BTC_USDT", bid: "99.5", ask: "100.5", version: 10)
                return stack.data.dropFirst(seen).contains {
                    $0.symbol == Symbol("BTC_USDT") && $0.bid == Price("99.5")
                        && $0.ask == Price("100.5")
                }
            }
            #expect(stack.exchange.timesAsked("/api/v1/contract/depth/ETH_USDT") == 0)
            try stack.wait("its funding is told") {
                let funding = try feed.document("/status")["funding"].list ?? []
                return funding.contains {
                    $0["symbol"].text == "BTC_USDT" && $0["rate"].fixed() == Ratio("0.0001")
                        && $0["cycle_hours"].integer == 8
                }
            }
        }

        @Test("comes back when the connection is cut, and asks for everything again")
        func reconnect() throws {
            let stack = try FeedStack()
            try stack.exchange.start()
            let feed = try stack.start("cdb_ws")
            try stack.wait("market data come", saying: [.websocket]) {
                stack.published(by: .websocket) > 4 && stack.exchange.wasTold("sub.depth.full")
            }
            let books = stack.exchange.count("sub.depth.full")
            stack.exchange.sayHalf(#"{"channel":"push.tickers","data":[]}"#)
            stack.exchange.cut()
            try stack.wait("everything is asked for again", saying: [.websocket]) {
                stack.exchange.count("sub.tickers") == 2
                    && stack.exchange.count("sub.depth.full") >= 2 * books
            }
            let seen = stack.data.count
            try stack.wait("market data come again", saying: [.websocket]) {
                stack.published(by: .websocket, since: seen) > 4
            }
            #expect(feed.metric("cdb_websocket_reconnects_total") == 1)
            #expect(try feed.document("/status")["reconnects"].integer == 1)
            #expect(feed.metric(#"cdb_exchange_faults_total{kind="closed_lost"}"#) == 1)
            // An interruption is no outage: cdb_risk does not hear of it.
            #expect(!stack.health.contains { $0.exchangeIsReachable == false })
        }

        @Test("counts what it does not understand, and goes on")
        func strangeWords() throws {
            let stack = try FeedStack()
            try stack.exchange.start()
            let feed = try stack.start("cdb_ws")
            try stack.wait("market data come", saying: [.websocket]) {
                stack.published(by: .websocket) > 2
            }
            for text in [
                #"{"channel":"push.weather","data":{},"ts":1}"#, "{", "no JSON",
                #"{"channel":"rs.error","data":"Contract [NOPE_USDT] not exists","ts":1}"#,
                #"{"channel":"rs.sub.tickers","data":"success","ts":1}"#,
                #"{"channel":"rs.sub.tickers","data":"success","ts":1}"#,
                #"{"channel":"rs.sub.tickers","data":"success","ts":1}"#,
                #"{"channel":"push.tickers","data":[{"symbol":"BTC_USDT","lastPrice":-1}],"ts":1}"#,
            ] { stack.exchange.say(text) }
            stack.exchange.sayBinary([0x1F, 0x8B, 1, 2, 3])
            for kind in [
                "unknown_channel", "frame_malformed", "complaint", "unexpected_acknowledgement",
                "damaged_gzip",
            ] {
                try stack.wait("\(kind) is counted") {
                    feed.metric(#"cdb_exchange_faults_total{kind="\#(kind)"}"#) ?? 0 >= 1
                }
            }
            try stack.wait("the bad row is counted") {
                feed.metric(#"cdb_market_data_rejected_total{reason="unreadable_row"}"#) == 1
            }
            let seen = stack.data.count
            try stack.wait("market data still come", saying: [.websocket]) {
                stack.published(by: .websocket, since: seen) > 2
            }
            #expect(feed.metric("cdb_websocket_reconnects_total") == 0)
        }

        @Test("keeps the exchange while Redis is away, drops, counts, and comes back by itself")
        func redisAway() throws {
            let stack = try FeedStack()
            try stack.exchange.start()
            let feed = try stack.start("cdb_ws")
            try stack.wait("market data come", saying: [.websocket]) {
                stack.published(by: .websocket) > 2 && feed.isReady
            }
            stack.redis.stop()
            try stack.wait("readyz names Redis", saying: [.websocket]) {
                try feed.failsCheck("redis")
                    && feed.metric("cdb_market_data_dropped_total") ?? 0 > 0
            }
            #expect(try feed.document("/status")["connected"].flag == true)
            try stack.redis.restart()
            let seen = stack.data.count
            try stack.wait("market data come again", saying: [.websocket]) {
                stack.published(by: .websocket, since: seen) > 2 && feed.isReady
            }
            #expect(feed.metric("cdb_websocket_reconnects_total") == 0)
        }

        @Test("tells a clock that is wrong, with the remedy, as degraded")
        func skew() throws {
            let stack = try FeedStack()
            stack.exchange.clock(ahead: -3_500)
            try stack.exchange.start()
            let feed = try stack.start("cdb_ws")
            try stack.wait("health is degraded", saying: [.websocket]) {
                stack.lastHealth(of: "cdb_ws")?.status == .degraded
            }
            let reason = stack.lastHealth(of: "cdb_ws")?.detail["reason"].text ?? ""
            #expect(reason.hasPrefix("the clock of this machine is 3.5 s ahead of the exchange"))
            #expect(reason.contains("chrony"))
            #expect(feed.page("/health")?.status == 200)
            let seconds = feed.metric("cdb_exchange_clock_skew_seconds") ?? 0
            #expect((3.4...3.9).contains(seconds))
        }
    }
}
