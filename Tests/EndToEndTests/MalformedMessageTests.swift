import CoreModels
import ServiceKit
import Testing

extension EndToEnd {
    /// "Nothing a message holds can stop a service" (docs/EVENTS.md).
    @Suite("Malformed market data")
    struct MalformedMessageTests {
        /// A message and the reason it is counted under.
        static var kinds: [(reason: String, message: [UInt8])] {
            func data(_ fields: String) -> [UInt8] { Array("{\(fields)}".utf8) }
            let start = #""type":"market_data","symbol":"BTC_USDT","timestamp":1767571200000"#
            let rest = #""volume":1.0,"pct_change":1.0"#
            return [
                ("missing_field", data("\(start),\(rest)")),
                ("wrong_type", data(#"\#(start),"price":[1],\#(rest)"#)),
                ("not_a_number", data(#"\#(start),"price":"NaN",\#(rest)"#)),
                ("overflow", data("\(start),\"price\":1e999,\(rest)")),
                ("not_positive", data("\(start),\"price\":-1.0,\(rest)")),
                ("not_utf8", data("\(start),\"price\":1.0,\(rest)") + [0xff, 0xfe]),
                ("too_large", Array(repeating: UInt8(ascii: " "), count: 10 << 20)),
                (
                    "too_deep",
                    data(
                        #"\#(start),"price":1.0,\#(rest),"deep":"#
                            + String(repeating: "[", count: 60)
                            + String(repeating: "]", count: 60))
                ),
                ("wrong_event_type", data(#""type":"signal","symbol":"BTC_USDT""#)),
                ("not_json", Array("buy bitcoin".utf8)),
                (
                    "bad_symbol",
                    data(
                        #""type":"market_data","symbol":"../..","timestamp":1,"price":1.0,\#(rest)"#
                    )
                ),
            ]
        }

        @Test("each kind is counted by reason, logged at most once a second, and stops nothing")
        func kinds() throws {
            let stack = try Stack([.core, .risk, .execution])
            for (reason, message) in Self.kinds {
                let started = SystemClock.monotonicMilliseconds
                let copies = message.count > 100_000 ? 2 : 50
                try stack.publish("market_data", Array(repeating: message, count: copies))
                for service in [Service.core, .risk, .execution] {
                    let series = #"cdb_market_data_rejected_total{reason="\#(reason)"}"#
                    try stack.wait("\(service.rawValue) counts \(reason)", seconds: 30) {
                        stack[service].metric(series) == Double(copies)
                    }
                    let seconds = Int((SystemClock.monotonicMilliseconds - started) / 1000)
                    let lines = try stack[service].logLines(with: "\"\(reason)\"")
                    #expect((1...(seconds + 1)).contains(lines), "\(reason): \(lines) lines")
                }
            }
            try stack.trade()
            #expect(stack.allReady)
        }

        @Test("a message made by hand, with seconds and nothing optional, goes all the way")
        func byHand() throws {
            let stack = try Stack()
            let seconds = SystemClock.now().milliseconds / 1000
            try stack.publish(
                "market_data",
                """
                {"type":"market_data","symbol":"BTC_USDT","timestamp":\(seconds),"price":45000,\
                "volume":250000,"pct_change":8.5}
                """)
            try stack.wait("it is traded") { try stack.count(.orderResults) == 1 }
            try stack.expectWhole(signals: 1)
        }
    }
}
