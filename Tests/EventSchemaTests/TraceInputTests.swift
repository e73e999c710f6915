import CoreModels
import EventSchema
import Testing

private let now = Timestamp(milliseconds: 1_767_225_600_123)
private let then = Timestamp(milliseconds: 1_767_225_660_000)

@Suite("A line of cdb trace") struct TraceInputTests {
    private func decode(_ line: String, byHand: Bool = false) throws(EventError) -> TraceInput {
        try TraceInput.decode(Array(line.utf8), at: now, signalsByHand: byHand)
    }

    @Test("tells time, commands and fills")
    func readsCommands() throws {
        let btc = try #require(Symbol("BTC_USDT"))
        let fill = HandFill(symbol: btc, side: .sell, quantity: Quantity(2), price: Price(100))
        var paid = fill
        paid.fee = Money(1)
        let table: [(String, TraceInput)] = [
            (#"{"type":"state"}"#, .state),
            (#"{"type":"clock","timestamp":1767225660000}"#, .fact(.clock, then)),
            (#"{"timestamp":1767225660,"type":"clock"}"#, .fact(.clock, then)),
            (#"{"type":"halt"}"#, .fact(.halt(flatten: false, reason: ""), nil)),
            (
                #"{"type":"halt","flatten":true,"reason":"r","timestamp":1767225660000}"#,
                .fact(.halt(flatten: true, reason: "r"), then)
            ),
            (#"{"type":"release","rebase":true}"#, .fact(.release(reason: "", rebase: true), nil)),
            (
                #"{"type":"release","reason":"ok"}"#,
                .fact(.release(reason: "ok", rebase: false), nil)
            ),
            (
                #"{"type":"fill","symbol":"BTCUSDT","side":"SELL","quantity":2,"price":"100"}"#,
                .fact(.fill(fill), nil)
            ),
            (
                #"{"type":"fill","symbol":"BTCUSDT","side":"SELL","quantity":2,"#
                    + #""price":100,"fee":1,"timestamp":1767225660000}"#,
                .fact(.fill(paid), then)
            ),
        ]
        for (line, expected) in table { #expect(try decode(line) == expected) }
    }

    @Test("carries the events of the bus")
    func readsEvents() throws {
        let market =
            #"{"type":"market_data","symbol":"BTC_USDT","timestamp":1767225660,"#
            + #""price":1,"volume":1,"pct_change":0}"#
        let data = try MarketDataCodec.decode(Array(market.utf8), from: .foreign(at: now))
        #expect(try decode(market) == .fact(.marketData(data), then))
        let signal = #"{"symbol":"BTC_USDT","side":"BUY","confidence":1,"type":"signal"}"#
        let wish = try SignalCodec.decode(Array(signal.utf8), from: .hand(at: now))
        #expect(try decode(signal, byHand: true) == .fact(.signal(wish), now))
        let result =
            #"{"type":"order_result","order_id":"orders-1","status":"REJECTED","#
            + #""symbol":"A_B","side":"BUY","filled_quantity":0}"#
        let end = try OrderResultCodec.decode(Array(result.utf8), from: .foreign(at: now))
        #expect(try decode(result) == .fact(.orderResult(end), now))
        let order =
            #"{"type":"order","order_id":"orders-1","client_id":"c","symbol":"A_B","#
            + #""side":"BUY","quantity":1,"timestamp":1767225660000}"#
        let command = try OrderCodec.decode(Array(order.utf8), from: .foreign(at: now))
        #expect(try decode(order) == .fact(.order(command), then))
    }

    @Test(
        "is refused with its reason",
        arguments: [
            ("", EventError.Reason.notJSON), ("{}", .missingField),
            (#"{"type":"film"}"#, .wrongEventType), (#"{"type":"account"}"#, .missingField),
            (#"{"type":"health"}"#, .missingField),
            (#"{"type":5}"#, .wrongType), (#"{"type":"clock"}"#, .missingField),
            (#"{"type":"fill","symbol":"A_B","side":"BUY","quantity":0,"price":1}"#, .notPositive),
            (#"{"type":"fill","symbol":"A_B","side":"BUY","quantity":1}"#, .missingField),
            (#"{"type":"halt","flatten":"yes"}"#, .wrongType),
            (#"{"type":"signal","symbol":"A_B","side":"BUY","confidence":1}"#, .missingField),
        ])
    func refuses(line: String, reason: EventError.Reason) {
        #expect { try decode(line) } throws: { ($0 as? EventError)?.reason == reason }
    }
}
