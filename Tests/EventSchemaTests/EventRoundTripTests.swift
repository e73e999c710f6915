import CoreModels
import EventSchema
import Testing

@Suite("Every event") struct EventRoundTripTests {
    @Test("decoded from its bytes is itself, and gives the same bytes", arguments: 0..<60)
    func roundTrips(seed: Int) throws {
        var events = RandomEvents(seed: UInt64(seed))
        for stream in Stream.allCases {
            let event = try events.event(stream)
            let bytes = EventCodec.encode(event)
            let back = try EventCodec.decode(stream: stream, bytes: bytes)
            #expect(back == event, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            #expect(EventCodec.encode(back) == bytes, "seed \(seed)")
        }
        let data = try events.marketData()
        #expect(try MarketDataCodec.decode(MarketDataCodec.encode(data), from: .ledger) == data)
        let health = events.health()
        #expect(try HealthCodec.decode(HealthCodec.encode(health), from: .ledger) == health)
        let bell = events.bell()
        #expect(try ProgressBellCodec.decode(ProgressBellCodec.encode(bell), from: .ledger) == bell)
    }

    @Test("cut short anywhere is refused, changed anywhere never traps", arguments: 0..<6)
    func survivesDamage(seed: Int) throws {
        var events = RandomEvents(seed: 90 + UInt64(seed))
        for stream in Stream.allCases {
            let bytes = EventCodec.encode(try events.event(stream))
            for count in 0..<bytes.count {
                #expect(throws: EventError.self) {
                    try EventCodec.decode(stream: stream, bytes: Array(bytes[..<count]))
                }
            }
            for index in bytes.indices {
                var changed = bytes
                changed[index] = UInt8(truncatingIfNeeded: events.random.next())
                guard let event = try? EventCodec.decode(stream: stream, bytes: changed) else {
                    continue
                }
                // What is accepted is an event like any other.
                let again = try EventCodec.decode(stream: stream, bytes: EventCodec.encode(event))
                #expect(again == event)
            }
        }
    }

    @Test("of another stream is refused")
    func refusesOtherStreams() throws {
        var events = RandomEvents(seed: 4)
        for stream in Stream.allCases {
            let bytes = EventCodec.encode(try events.event(stream))
            for other in Stream.allCases where other != stream {
                #expect(throws: EventError.self) {
                    try EventCodec.decode(stream: other, bytes: bytes)
                }
            }
        }
    }

    @Test(
        "has one channel",
        arguments: zip(
            Stream.allCases,
            [
                "signals", "risk_decisions", "orders", "order_results", "account", "alerts",
                "alerts", "alerts", "alerts",
            ]))
    func hasChannel(stream: Stream, channel: String) {
        #expect(Channel(stream).rawValue == channel)
    }
}

@Suite("the hint a bell gives of its number")
struct SequenceHintTests {
    @Test(
        "it is found where we write it, and nowhere else",
        arguments: [
            (#"{"type":"signal","v":1,"seq":130,"id":"signals-130"}"#, 130),
            (#"{"type":"risk_decision","v":1,"seq":9007199254740993,"id":"#, 9_007_199_254_740_993),
            (#"{"type":"signal","symbol":"BTC_USDT","side":"BUY"}"#, nil),
            (#"{"seq":"#, nil), (#"{"seq":12"#, nil), ("", nil),
            (#"{"seq":99999999999999999999,"a":1}"#, nil),
        ])
    func hint(text: String, expected: Int64?) {
        #expect(Array(text.utf8).withUnsafeBytes(EventCodec.sequenceHint) == expected)
    }
}
