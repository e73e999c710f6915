import CoreModels
import DecisionCores
import Testing

/// "Continuous protection" and "States" of docs/RISK.md.
@Suite struct ProtectionTests {
    static let ether = symbol("ETH_USDT")

    /// A long of 0.02 BTC at 50000 whose stop-loss order was just sent.
    private func stopped() throws -> (trace: RiskTrace, order: Order) {
        var trace = RiskTrace()
        trace.fill(.buy, "0.02", "50000")
        trace.market("49000")
        return (trace, try #require(trace.orders.first))
    }

    @Test(
        "a failed stop-loss is sent again on the next tick, at most once a second",
        arguments: [
            OrderResult.Status.rejected, .error, .cancelled, .partiallyFilled,
        ])
    func resend(status: OrderResult.Status) throws {
        var (trace, order) = try stopped()
        #expect(trace.alerts.map(\.level) == [.warning])
        trace.market("48900")
        #expect(trace.orders.isEmpty)
        let isPartial = status == .partiallyFilled
        trace.answer(order, status, quantity: isPartial ? number("0.005") : .zero)
        #expect(trace.orders.isEmpty)
        trace.wait(999)
        trace.market("49500")
        #expect(trace.orders.isEmpty)
        trace.clock(after: 1)
        #expect(trace.orders.map(\.reason) == [.stopLoss])
        #expect(trace.orders.map(\.quantity) == [number(isPartial ? "0.015" : "0.02")])
        trace.answer(try #require(trace.orders.first))
        #expect(trace.core.portfolio.positions.isEmpty)
        trace.clock(after: 5000)
        #expect(trace.orders.isEmpty)
    }

    @Test("late fills of orders in flight are flattened at once while flattening")
    func lateFill() throws {
        var trace = RiskTrace()
        trace.fill(.buy, "0.09", "50000")
        trace.market("10", Self.ether)
        trace.signal(.buy, Self.ether, confidence: "0.1")
        let late = try #require(trace.orders.first)
        trace.market("44000")
        #expect(trace.orders.map(\.symbol) == [RiskTrace.bitcoin])
        trace.answer(late)
        #expect(trace.orders.map(\.symbol) == [Self.ether])
        #expect(trace.orders.map(\.reason) == [.flattenDrawdown])
        #expect(trace.orders.map(\.reduceOnly) == [true])
    }

    @Test("the kill switch without flatten stops everything, stop-losses included")
    func frozen() {
        var trace = RiskTrace()
        trace.fill(.buy, "0.02", "50000")
        trace.feed(.halt(flatten: false, reason: "fire"))
        #expect(trace.orders.isEmpty)
        #expect(trace.alerts.map(\.code) == ["HALTED"])
        #expect(trace.alerts.first?.context["reason"].text == "fire")
        trace.market("40000")
        trace.market("10000")
        #expect(trace.orders.isEmpty)
        #expect(trace.alerts.map(\.code) == ["RISK_LIMIT"])
        trace.signal(.sell)
        #expect(trace.decision?.layer == 0)
        trace.clock(after: 1000)
        #expect(trace.orders.isEmpty)
        trace.feed(.halt(flatten: true, reason: "out"))
        #expect(trace.orders.map(\.reason) == [.flattenManual])
        #expect(trace.core.trading.halt?.reason == "MANUAL: out")
    }

    @Test("a release is refused while the drawdown holds, unless rebase is asked for")
    func release() {
        var trace = RiskTrace()
        trace.fill(.buy, "0.1", "50000")
        trace.market("44000")
        #expect(trace.core.releaseRefusal(at: trace.now)?.dailyPnL == Money(-600))
        #expect(trace.core.releaseRefusal(at: trace.now)?.limit == Money(-500))
        trace.feed(.release(reason: "please", rebase: false))
        #expect(trace.alerts.map(\.code) == ["RELEASE_REFUSED"])
        #expect(trace.core.trading.name == .halted)
        trace.feed(.release(reason: "please", rebase: true))
        #expect(trace.alerts.map(\.code) == ["RELEASED"])
        #expect(trace.core.trading.name == .active)
        #expect(trace.core.day.startEquity == Money(9400))
        #expect(trace.core.dailyPnL == .zero)
    }

    @Test(
        "rejected and failed orders raise an alert and free what was in flight",
        arguments: [
            (OrderResult.Status.rejected, Alert.Level.warning), (.error, .critical),
        ])
    func executionErrors(status: OrderResult.Status, level: Alert.Level) throws {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.buy)
        let order = try #require(trace.orders.first)
        #expect(trace.core.inFlightNotional == Money(1000))
        trace.answer(order, status)
        #expect(trace.alerts.map(\.code) == ["EXECUTION_ERROR"])
        #expect(trace.alerts.map(\.level) == [level])
        #expect(trace.core.inFlightNotional == .zero)
        #expect(trace.core.trading.name == .active)
    }

    @Test("the same result twice has one effect")
    func duplicate() throws {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.buy)
        let order = try #require(trace.orders.first)
        #expect(trace.answer(order).accounts.count == 1)
        #expect(trace.answer(order).isEmpty)
        #expect(trace.core.portfolio.positions.map(\.quantity) == [Quantity(10)])
        #expect(trace.core.counters.duplicateResults == 1)
    }

    @Test("a result of an order that nobody could read frees what was in flight")
    func unreadOrder() throws {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.buy)
        let order = try #require(trace.orders.first)
        trace.now = trace.now.advanced(by: 1)
        trace.feed(
            .orderResult(
                OrderResult(
                    envelope: Envelope(sequence: 1, id: Stream.orderResults.id(1)),
                    orderID: order.orderID, clientID: order.orderID, status: .rejected,
                    symbol: try #require(Symbol(ExecutionCore.unreadableSymbol)), side: .sell,
                    quantity: .zero, filledQuantity: .zero, errorCode: "INVALID_ORDER",
                    timestamp: trace.now)))
        #expect(trace.alerts.map(\.code) == ["EXECUTION_ERROR"])
        #expect(trace.core.trading.name == .active)
        #expect(trace.core.ordersInFlight == 0)
    }

    @Test(
        "a result for an order that was never sent halts",
        arguments: [
            "orders-2", "orders-01", "orders-0", "orders-x", "elsewhere",
        ])
    func unknown(id: String) throws {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.buy)
        let order = try #require(trace.orders.first)
        trace.answer(order, id: id)
        #expect(trace.alerts.map(\.code) == ["UNKNOWN_ORDER_RESULT"])
        #expect(trace.alerts.map(\.level) == [.critical])
        #expect(trace.core.trading.name == .halted)
        #expect(trace.core.portfolio.positions.isEmpty)
        trace.answer(order)
        #expect(trace.core.portfolio.positions.count == 1)
    }

    @Test(
        "a fill that slips too far pauses until one retry", arguments: ["100", "100.01", "-100.01"])
    func slippage(bps: String) throws {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.buy)
        trace.answer(try #require(trace.orders.first), slippageBps: bps)
        guard bps != "100" else {
            #expect(trace.core.trading.name == .active)
            return
        }
        #expect(trace.alerts.map(\.code) == ["CIRCUIT_BREAKER"])
        #expect(trace.core.trading.pauseReasons == ["CIRCUIT_BREAKER_SLIPPAGE"])
        for _ in 0..<3 {
            trace.wait(20_000 - 1)
            trace.market("100")
        }
        #expect(trace.core.trading.name == .paused)
        trace.clock(after: 3)
        #expect(trace.core.trading.name == .active)
    }

    @Test(
        "a fill that does not tell its slippage is measured against its reference price",
        arguments: [("101", "100", false), ("101.01", "100", true), ("98.9", "100", true)])
    func slippageByPrices(price: String, reference: String, trips: Bool) throws {
        var trace = RiskTrace()
        trace.market("100")
        trace.signal(.buy)
        let order = try #require(trace.orders.first)
        trace.feed(
            .orderResult(
                OrderResult(
                    envelope: Envelope(sequence: 1, id: "order_results-1"),
                    orderID: order.orderID, clientID: order.clientID, status: .filled,
                    symbol: order.symbol, side: order.side, quantity: order.quantity,
                    filledQuantity: order.quantity, price: number(price),
                    referencePrice: number(reference), timestamp: trace.now)))
        #expect((trace.core.trading.name == .paused) == trips)
    }

    @Test("an unreachable exchange is asked again ten times, then trading halts")
    func exchange() {
        var trace = RiskTrace { $0.dataStaleTimeoutSec = 100_000 }
        trace.feed(.exchange(reachable: false, code: "ECONNREFUSED"))
        #expect(trace.alerts.map(\.code) == ["CIRCUIT_BREAKER"])
        trace.feed(.exchange(reachable: false, code: "ECONNREFUSED"))
        #expect(trace.alerts.isEmpty)
        trace.clock(after: 599_999)
        #expect(trace.core.trading.name == .paused)
        trace.clock(after: 1)
        #expect(trace.core.trading.halt?.reason == "CIRCUIT_BREAKER")
        #expect(trace.alerts.map(\.level) == [.critical])
        trace.clock(after: 3_600_000)
        #expect(trace.core.trading.name == .halted)
    }

    @Test("a reachable exchange resumes at the retry and the count begins anew")
    func exchangeReturns() {
        var trace = RiskTrace { $0.dataStaleTimeoutSec = 100_000 }
        for _ in 0..<2 {
            trace.feed(.exchange(reachable: false, code: nil))
            trace.clock(after: 9 * 60_000)
            trace.feed(.exchange(reachable: true, code: nil))
            #expect(trace.core.trading.name == .paused)
            trace.clock(after: 60_000)
            #expect(trace.core.trading.name == .active)
        }
    }

    @Test("each reason of a pause has its own end")
    func twoReasons() {
        var trace = RiskTrace()
        trace.market("100")
        trace.feed(.exchange(reachable: false, code: nil))
        trace.clock(after: 31_000)
        #expect(trace.core.trading.pauseReasons == ["DATA_STALE", "CIRCUIT_BREAKER_EXCHANGE"])
        trace.market("100")
        #expect(trace.core.trading.pauseReasons == ["CIRCUIT_BREAKER_EXCHANGE"])
    }

    @Test("a held symbol that goes silent raises its own alert once per silence")
    func heldSilence() {
        var trace = RiskTrace()
        trace.fill(.buy, "1", "100")
        trace.market("100")
        for round in 0..<2 {
            for step in 0..<4 {
                trace.wait(10_001)
                trace.market("10", Self.ether)
                #expect(trace.alerts.map(\.code) == (step == 2 ? ["DATA_STALE"] : []), "\(round)")
            }
            trace.market("100")
        }
        #expect(trace.core.trading.name == .active)
    }

    @Test("a held symbol that stays silent when the feed returns is told of a timeout later")
    func silenceOutlastsTheFeed() {
        var trace = RiskTrace()
        trace.fill(.buy, "1", "100")
        trace.market("100")
        trace.clock(after: 30_001)
        #expect(trace.alerts.map(\.code) == ["DATA_STALE"])
        trace.wait(10_000)
        trace.market("10", Self.ether)
        #expect(trace.alerts.isEmpty)
        trace.wait(30_000)
        trace.market("10", Self.ether)
        #expect(trace.alerts.isEmpty)
        trace.clock(after: 1)
        #expect(trace.alerts.map(\.code) == ["DATA_STALE"])
        #expect(trace.core.trading.name == .active)
    }

    @Test("exposure beyond the larger of 80 % and its limit of equity halts without selling")
    func exposureAlarm() {
        var trace = RiskTrace()
        trace.fill(.buy, "8000", "1")
        #expect(trace.core.trading.name == .active)
        trace.fill(.buy, "0.00000001", "1")
        #expect(trace.core.trading.halt?.reason == "EXPOSURE")
        #expect(trace.alerts.map(\.level) == [.critical])
        #expect(trace.orders.isEmpty)
        trace.market("0.9")
        #expect(trace.orders.map(\.reason) == [.flattenDrawdown])
    }

    @Test("market data more than 60 s ahead has no effect; within, it may begin the day")
    func ahead() {
        var trace = RiskTrace()
        trace.market("100")
        let day = trace.core.day
        trace.now = RiskTrace.start.startOfDay.advanced(by: TestDay.length - 30_000)
        trace.market("100", ahead: 60_001)
        #expect(trace.core.day.start == day.start)
        #expect(trace.core.counters.marketDataRefused == 1)
        trace.market("100", ahead: 60_000)
        #expect(trace.core.day.start == day.start?.advanced(by: TestDay.length))
        trace.clock()
        #expect(trace.core.day.start == day.start?.advanced(by: TestDay.length))
    }

    @Test("a new day values positions before the input that begins it")
    func rolloverBeforeInput() {
        var trace = RiskTrace()
        trace.market("100")
        trace.fill(.buy, "10", "100")
        trace.now = RiskTrace.start.startOfDay.advanced(by: TestDay.length)
        trace.market("101")
        #expect(trace.core.day.startEquity == Money(10_000))
        #expect(trace.core.dailyPnL == Money(10))
    }

    @Test("an account is written once a minute of market time and once a fill")
    func accounts() {
        var trace = RiskTrace()
        #expect(trace.market("100").accounts.count == 1)
        trace.wait(59_999)
        #expect(trace.market("100").accounts.isEmpty)
        trace.wait(1)
        #expect(trace.market("100").accounts.count == 1)
        #expect(trace.fill(.buy, "1", "100").accounts.map(\.cash) == [Money(9900)])
    }

    @Test("after a live restart a quote must be new, and last prices go on valuing")
    func forgotten() {
        var trace = RiskTrace()
        trace.fill(.buy, "1", "100")
        trace.market("110")
        trace.core.forgetTradableQuotes()
        #expect(trace.core.dailyPnL == Money(10))
        trace.signal(.buy, confidence: "0.1")
        #expect(trace.decision?.code == .dataStale)
        trace.market("110")
        trace.signal(.buy, confidence: "0.1")
        #expect(trace.decision?.verdict == .approved)
    }

    @Test("a notice becomes an alert of cdb_risk")
    func notice() {
        var trace = RiskTrace()
        trace.feed(.notice(AlertDraft(.warning, "INJECT_REFUSED", "foreign")))
        #expect(trace.alerts.map(\.envelope.id) == ["alerts.cdb_risk-1"])
        #expect(trace.alerts.map(\.source) == [.risk])
    }
}
