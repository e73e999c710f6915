import CoreModels
import DecisionCores
import Testing
import WireFormats

@testable import Operator

@Suite("A core traced by hand")
struct TraceTests {
    private func trace(_ subject: any TraceSubject, _ lines: [String]) -> (
        out: [String], bad: [String]
    ) {
        var trace = Trace(subject)
        var output: [UInt8] = []
        let bad = lines.compactMap { trace.take(.complete(Array($0.utf8)), into: &output) }
        let out = output.split(separator: UInt8(ascii: "\n")).map {
            String(decoding: $0, as: UTF8.self)
        }
        return (out, bad)
    }

    private static let rise =
        #"{"type":"market_data","symbol":"BTC_USDT","timestamp":1700000000000,"#
        + #""price":45000,"volume":250000,"pct_change":8.5}"#

    private var signal: TracedCore<SignalCore> {
        TracedCore(core: SignalCore(), takesSignalsByHand: true)
    }

    private var pipeline: TracedPipeline {
        TracedPipeline(
            pipeline: Pipeline(signal: SignalCore(), risk: RiskCore(), execution: ExecutionCore()))
    }

    @Test("emits its events as they stand on the bus")
    func emits() {
        let (out, bad) = trace(signal, [Self.rise])
        #expect(
            out == [
                #"{"type":"signal","v":1,"seq":1,"id":"signals-1","cause":null,"#
                    + #""trace":"signals-1","#
                    + #""signal_id":"signals-1","symbol":"BTC_USDT","side":"BUY","#
                    + #""confidence":0.85,"#
                    + #""reason":"Momentum +8.50% in 15m (threshold 3.00%), volume 250000","#
                    + #""timestamp":1700000000000,"price":45000.0,"pct_change":8.5,"#
                    + #""volume":250000.0,"#
                    + #""strategy":"momentum_v1","size":null,"source":"engine","market":null}"#
            ])
        #expect(bad.isEmpty)
    }

    @Test(
        "names a bad line by its number and goes on",
        arguments: [
            ("x", "line 2: not_json"),
            (#"{"type":"market_data","symbol":"BTC_USDT"}"#, "line 2: missing_field in timestamp"),
            (#"{"type":"film"}"#, "line 2: wrong_event_type in type"),
            (#"{"timestamp":1}"#, "line 2: missing_field in type"),
        ])
    func badLine(line: String, complaint: String) {
        let (out, bad) = trace(signal, ["", line, Self.rise])
        #expect(out.count == 1)
        #expect(bad.count == 1)
        #expect(bad.first?.hasPrefix(complaint) == true, "\(bad)")
    }

    @Test("names a line that is too long")
    func tooLong() {
        var trace = Trace(signal)
        var output: [UInt8] = []
        let complaint = trace.take(.tooLong, into: &output)
        #expect(complaint == "line 1: too_large")
        #expect(output.isEmpty)
    }

    @Test("shows its state on one line")
    func state() throws {
        let (out, _) = trace(signal, [Self.rise, #"{"type":"state"}"#])
        let state = try JSONDocument.parse(Array(out[1].utf8))
        #expect(state["type"].text == "state")
        #expect(state["signals_generated"] == .integer(1))
    }

    @Test("knows no time but the highest of the inputs")
    func time() throws {
        let earlier = Self.rise.replacing("1700000000000", with: "1600000000000")
            .replacing("BTC_USDT", with: "ETH_USDT")
        let (out, _) = trace(signal, [Self.rise, earlier])
        let second = try JSONDocument.parse(Array(out[1].utf8))
        #expect(second["timestamp"] == .integer(1_700_000_000_000))
    }

    @Test("the screener takes a line's volume as the turnover of that price")
    func screener() throws {
        let subject = TracedScreener(ScreenerCore(settings: .default))
        let line = { (second: Int, price: Int) in
            #"{"type":"market_data","symbol":"BTC_USDT","timestamp":\#(1_700_000_000 + second),"#
                + #""price":\#(price),"volume":1000,"pct_change":0}"#
        }
        let (out, bad) = trace(subject, [line(0, 100), line(60, 110), line(30, 120)])
        #expect(out.count == 1)
        let screened = try JSONDocument.parse(Array(out[0].utf8))
        #expect(screened["pct_change"].fixed(RatioUnit.self) == Ratio(10))
        #expect(screened["volume"].fixed(MoneyUnit.self) == Money(2000))
        #expect(bad == ["line 3: refused: time_backwards"])
    }

    @Test("a feed's health reaches the risk engine; events that concern no core are passed over")
    func health() throws {
        let health = { (exchange: String) in
            #"{"type":"health","service":"cdb_ws","status":"error","#
                + #""detail":{"exchange":"\#(exchange)"},"timestamp":1700000000}"#
        }
        let alert =
            #"{"type":"alert","level":"INFO","code":"X","message":"m","context":{},"#
            + #""source":"cdb_core","timestamp":1700000000}"#
        let (out, bad) = trace(
            TracedCore(core: RiskCore(), takesSignalsByHand: false),
            [alert, health("unreachable"), #"{"type":"state"}"#])
        #expect(bad.isEmpty, "\(bad)")
        #expect(out.count == 2)
        let state = try JSONDocument.parse(Array((out.last ?? "{}").utf8))
        #expect(state["trading"]["reason"] == .text("CIRCUIT_BREAKER_EXCHANGE"))
    }

    @Test("the paper exchange answers an order it cannot read by its id")
    func malformedOrder() throws {
        let (out, bad) = trace(
            TracedExecution(core: ExecutionCore()),
            [#"{"type":"order","order_id":"orders-1","client_id":"cdb-1","quantity":-1}"#])
        #expect(bad.count == 1)
        let result = try JSONDocument.parse(Array((out.first ?? "{}").utf8))
        #expect(result["status"] == .text("REJECTED"))
        #expect(result["error_code"] == .text("INVALID_ORDER"))
        #expect(result["order_id"] == .text("orders-1"))
    }

    @Test("the pipeline makes a fill of a rise, and refuses orders from outside")
    func pipelineFills() throws {
        let order =
            #"{"type":"order","order_id":"x","client_id":"x","symbol":"BTC_USDT","side":"BUY","#
            + #""quantity":1,"timestamp":1700000000}"#
        let (out, bad) = trace(pipeline, [Self.rise, order, #"{"type":"state"}"#])
        let types = try out.map { try JSONDocument.parse(Array($0.utf8))["type"].text ?? "" }
        #expect(
            types.filter { $0 != "account" && $0 != "alert" } == [
                "signal", "risk_decision", "order", "order_result", "state",
            ])
        #expect(bad == ["line 2: the pipeline makes its orders itself"])
    }
}
