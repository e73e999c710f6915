import CoreModels
import DecisionCores
import Testing

/// The table of layers in docs/RISK.md, and what stands below it.
@Suite struct LayerTests {
    static let ether = symbol("ETH_USDT")

    @Test("without a tradable quote of the symbol a signal is refused by layer 3, once announced")
    func noQuote() {
        var trace = RiskTrace()
        trace.signal(.buy)
        #expect(trace.decision?.layer == 3)
        #expect(trace.decision?.code == .dataStale)
        #expect(trace.decision?.price == nil)
        #expect(trace.alerts.map(\.level) == [.warning])
        trace.signal(.buy)
        #expect(trace.alerts.isEmpty)
    }

    @Test("a hand-made signal without an id leaves cause, trace and signal_id empty")
    func noSignalID() {
        var trace = RiskTrace()
        trace.market("100")
        trace.feed(
            .signal(
                Signal(
                    envelope: Envelope(sequence: 0, id: ""), symbol: RiskTrace.bitcoin, side: .buy,
                    confidence: Ratio(1), timestamp: trace.now)))
        #expect(trace.decision?.signalID == nil)
        #expect(trace.decision?.envelope.cause == nil)
        #expect(trace.orders.first?.envelope.trace == nil)
        #expect(trace.orders.first?.envelope.cause == "risk_decisions-1")
    }

    @Test("this symbol silent for more than the timeout is refused by layer 3")
    func staleSymbol() {
        var trace = RiskTrace()
        trace.market("100")
        trace.wait(30_000)
        trace.market("10", Self.ether)
        trace.signal(.buy)
        #expect(trace.decision?.verdict == .approved)
        trace.wait(1)
        trace.market("10", Self.ether)
        trace.signal(.buy, confidence: "0.1")
        #expect(trace.decision?.layer == 3)
        #expect(trace.decision?.code == .dataStale)
    }

    @Test("the engine prices a BUY at max(last, ask) and a SELL at min(last, bid)")
    func ownPrice() {
        var trace = RiskTrace { $0.allowShort = true }
        trace.market("100", bid: "99", ask: "101")
        trace.signal(.buy, confidence: "0.1")
        #expect(trace.decision?.price == Price(101))
        trace.market("100", Self.ether, bid: "99", ask: "101")
        trace.signal(.sell, Self.ether, confidence: "0.1")
        #expect(trace.decision?.price == Price(99))
    }

    @Test(
        "a spread above five times its median of the books before is an anomaly",
        arguments: [
            ("99.75", "100.25", false), ("99.749", "100.25", true),
        ])
    func spread(bid: String, ask: String, refused: Bool) {
        var trace = RiskTrace()
        for _ in 0..<20 { trace.market("100", bid: "99.95", ask: "100.05") }
        trace.market("100", bid: bid, ask: ask)
        trace.signal(.buy)
        #expect((trace.decision?.layer == 2) == refused)
        #expect((trace.decision?.code == .circuitBreaker) == refused)
        trace.market("100", Self.ether)
        trace.signal(.buy, Self.ether)
        #expect(trace.decision?.verdict == .approved)
    }

    @Test("an exact multiple of a median without finite decimals is no excess")
    func spreadExact() {
        var trace = RiskTrace()
        for _ in 0..<21 { trace.market("30000", bid: "29995", ask: "30005") }
        trace.market("30000", bid: "29975", ask: "30025")
        trace.signal(.buy)
        #expect(trace.decision?.verdict == .approved)
    }

    @Test("nineteen earlier books are too few to judge a spread; crossed ones do not count")
    func fewBooks() {
        var trace = RiskTrace()
        for _ in 0..<19 { trace.market("100", bid: "99.99", ask: "100.01") }
        trace.market("100", bid: "100.01", ask: "99.99")
        trace.market("100", bid: "99")
        trace.market("100", bid: "99", ask: "101")
        trace.signal(.buy)
        #expect(trace.decision?.verdict == .approved)
        let status = Value.object(trace.core.status(at: trace.now))
        #expect(status["books_ignored"].integer == 2)
    }

    @Test("the median counts as one basis point at least")
    func medianFloor() {
        var trace = RiskTrace()
        for _ in 0..<30 { trace.market("100", bid: "100", ask: "100") }
        trace.market("100", bid: "99.975", ask: "100.025")
        trace.signal(.buy)
        #expect(trace.decision?.verdict == .approved)
        trace.market("100", bid: "99.97", ask: "100.03")
        trace.signal(.buy)
        #expect(trace.decision?.layer == 2)
    }

    @Test(
        "volatility above its limit in 300 s of exchange time is an anomaly",
        arguments: [
            ("110", 1000, false), ("110.01", 1000, true), ("110.01", 300_000, true),
            ("110.01", 300_001, false),
        ])
    func volatility(price: String, after: Int, refused: Bool) {
        var trace = RiskTrace()
        trace.market("100")
        trace.wait(Int64(after))
        trace.market(price)
        trace.signal(.buy)
        #expect((trace.decision?.layer == 2) == refused)
    }

    @Test("a fill's price is no volatility sample")
    func fillIsNoSample() {
        var trace = RiskTrace()
        trace.market("100")
        trace.fill(.buy, "1", "150")
        trace.signal(.buy, confidence: "0.1")
        #expect(trace.decision?.checks.first { $0.layer == 2 }?.result == .pass)
    }

    struct Sanity: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: RefusalReason
        var change: @Sendable (inout RiskLimits) -> Void = { _ in }
        var side: Side = .buy
        var size: String?
        var confidence = "1"
        var backlog = 0
    }

    @Test(
        "order sanity names what is wrong",
        arguments: [
            Sanity(testDescription: "SELL of nothing", code: .noPosition, side: .sell),
            Sanity(
                testDescription: "too small", code: .minNotional,
                change: { $0.minOrderUSDT = Money(20) }, confidence: "0.01"),
            Sanity(testDescription: "size zero", code: .minNotional, size: "0"),
            Sanity(testDescription: "execution is behind", code: .backpressure, backlog: 1001),
            Sanity(testDescription: "at the lag", code: .ok, backlog: 1000),
            Sanity(
                testDescription: "a size beyond fixed point", code: .overflow,
                size: "100000000000000000000"),
        ])
    func sanity(row: Sanity) {
        var trace = RiskTrace(row.change)
        trace.market("100")
        trace.feed(.orderBacklog(row.backlog))
        trace.signal(row.side, confidence: row.confidence, size: row.size)
        #expect(trace.decision?.code == row.code)
        #expect(trace.decision?.layer == (row.code == .ok ? nil : 6))
        #expect(trace.alerts.map(\.code) == (row.code == .ok ? [] : [row.code.rawValue]))
        #expect(trace.alerts.allSatisfy { $0.level == .info })
    }

    @Test("a wish that is absurd, but a number, is refused by the exposure")
    func absurdWish() {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.buy, size: "100000000000000")
        #expect(trace.decision?.code == .riskLimit)
        #expect(trace.decision?.layer == 4)
    }

    @Test("a buy needs its notional with fee, slippage and spread; buys in flight are reserved")
    func cash() {
        var trace = RiskTrace {
            $0.maxExposurePct = Ratio(1)
            $0.maxPositionPct = number("0.25")
            $0.paperFeeBps = Ratio(10)
            $0.paperSlippageBps = Ratio(5)
            $0.paperSpreadBps = Ratio(2)
        }
        for index in 0..<3 {
            let coin = symbol("C\(index)_USDT")
            trace.market("1", coin)
            trace.signal(.buy, coin)
            #expect(trace.decision?.verdict == .approved)
        }
        trace.market("1")
        // 10000 − 3 × 2504.25 = 2487.25 are left; 2484 needs 2488.2228, 2483 needs 2487.2211.
        trace.signal(.buy, size: "2484")
        #expect(trace.decision?.code == .insufficientFunds)
        trace.signal(.buy, size: "2483")
        #expect(trace.decision?.verdict == .approved)
    }

    @Test("positions and openings in flight count against MAX_OPEN_POSITIONS")
    func openPositions() {
        var trace = RiskTrace { $0.maxOpenPositions = 2 }
        trace.fill(.buy, "1", "1", symbol("A_USDT"))
        trace.market("1", symbol("B_USDT"))
        trace.signal(.buy, symbol("B_USDT"), confidence: "0.1")
        #expect(trace.decision?.verdict == .approved)
        trace.market("1")
        trace.signal(.buy, confidence: "0.1")
        #expect(trace.decision?.code == .maxOpenPositions)
        trace.market("1", symbol("A_USDT"))
        trace.signal(.buy, symbol("A_USDT"), confidence: "0.1")
        #expect(trace.decision?.verdict == .approved)
    }

    @Test("a signal against a position closes it fully, or by its smaller size, and never flips")
    func closing() throws {
        var trace = RiskTrace { $0.allowShort = true }
        trace.fill(.buy, "10", "10")
        trace.market("10")
        trace.signal(.sell, size: "4")
        #expect(trace.orders.map(\.quantity) == [number("4")])
        let part = try #require(trace.orders.first)
        trace.signal(.sell, size: "40")
        #expect(trace.orders.map(\.quantity) == [number("6")])
        trace.signal(.sell)
        #expect(trace.decision?.code == .noPosition)
        trace.answer(part)
        #expect(trace.core.portfolio.position(RiskTrace.bitcoin)?.quantity == number("6"))
    }

    @Test("a reduce-only order passes while paused, and without a fresh quote")
    func reduceOnlyPasses() {
        var trace = RiskTrace()
        trace.fill(.buy, "10", "10")
        trace.clock(after: 60_000)
        #expect(trace.core.trading.name == .paused)
        trace.signal(.sell)
        #expect(trace.orders.map(\.reduceOnly) == [true])
        #expect(trace.decision?.checks.map(\.result) == Array(repeating: .pass, count: 7))
    }

    @Test("the first refusal of a kind is announced, again after an approval")
    func announcements() throws {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.sell)
        #expect(trace.alerts.map(\.code) == ["NO_POSITION"])
        #expect(trace.alerts.first?.envelope.cause == "risk_decisions-1")
        #expect(trace.alerts.first?.envelope.trace == "signals-1")
        trace.signal(.sell)
        #expect(trace.alerts.isEmpty)
        trace.signal(.buy, confidence: "0.1")
        let order = try #require(trace.orders.first)
        #expect(order.stopLossPrice == Price(98))
        #expect(order.clientID == "cdb-1")
        trace.answer(order, .rejected)
        trace.signal(.sell)
        #expect(trace.alerts.map(\.code) == ["NO_POSITION"])
    }
}
