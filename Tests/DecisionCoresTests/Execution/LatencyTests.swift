import CoreModels
import DecisionCores
import Testing

@Suite("Paper execution with latency")
struct LatencyTests {
    private let settings = PaperSettings(latencyMs: 100)

    private func results(_ events: [Event]) -> [OrderResult] {
        events.compactMap { if case .orderResult(let result) = $0 { result } else { nil } }
    }

    private func waitingCore(_ orders: [Order]) -> ExecutionCore {
        var core = ExecutionCore(settings: settings)
        _ = core.take(Make.data(at: 0, price: "100"))
        for order in orders {
            #expect(core.take(.order(order), at: order.timestamp.milliseconds).isEmpty)
        }
        return core
    }

    @Test(
        "the first quote at or after decision time + latency fills",
        arguments: [(99, 0), (100, 1), (101, 1), (30_100, 1)] as [(Int64, Int)])
    func firstQuote(time: Int64, expected: Int) {
        var core = waitingCore([Make.order()])
        let found = results(core.take(Make.data(at: time, price: "200")))
        #expect(found.count == expected)
        #expect(found.allSatisfy { $0.referencePrice == Make.fixed("200.02") })
        #expect(found.allSatisfy { $0.status == .filled && $0.timestamp == Make.at(time) })
        #expect(core.waitingCount == 1 - expected)
    }

    @Test("the price that led to a decision never fills it")
    func sameQuote() {
        var core = ExecutionCore(settings: PaperSettings(latencyMs: 1))
        _ = core.take(Make.data(at: 60_000, price: "100"))
        #expect(core.take(.order(Make.order(at: 60_000)), at: 60_000).isEmpty)
        #expect(core.take(Make.data(at: 60_000, price: "100")).isEmpty)
        let found = results(core.take(Make.data(at: 75_000, price: "90")))
        #expect(found.map(\.referencePrice) == [Make.fixed("90.009")])
    }

    @Test("a quote of another symbol fills nothing")
    func otherSymbol() {
        var core = waitingCore([Make.order()])
        #expect(core.take(Make.data("ETH_USDT", at: 200)).isEmpty)
    }

    @Test("an order that arrives after it fell due takes the quote that came since")
    func lateOrder() {
        var core = ExecutionCore(settings: settings)
        _ = core.take(Make.data(at: 150, price: "100"))
        #expect(results(core.take(.order(Make.order(at: 20)), at: 160)).first?.status == .filled)
    }

    @Test(
        "without a quote it is REJECTED NO_QUOTE at its deadline",
        arguments: [
            (Fact.clock, 30_099, 0), (.clock, 30_100, 1), (.clock, 99_000, 1),
            (.marketData(Make.data(at: 30_101)), 30_101, 1),
            (.marketData(Make.data("ETH_USDT", at: 30_100)), 30_100, 1),
            (.order(Make.order(2, symbol: "ETH_USDT", at: 50_000)), 50_000, 1),
        ] as [(Fact, Int64, Int)])
    func deadline(fact: Fact, now: Int64, expected: Int) {
        var core = waitingCore([Make.order()])
        let found = results(core.take(fact, at: now))
        #expect(found.count == expected)
        #expect(found.allSatisfy { $0.status == .rejected && $0.errorCode == "NO_QUOTE" })
        #expect(found.allSatisfy { $0.timestamp == Make.at(30_100) })
    }

    @Test("deadlines are handled in time order, ties by arrival")
    func deadlineOrder() {
        var core = waitingCore([
            Make.order(1, at: 10), Make.order(2, at: 5), Make.order(3, at: 10),
            Make.order(4, at: 7),
        ])
        let found = results(core.take(.clock, at: 90_000))
        #expect(found.map(\.orderID) == ["orders-2", "orders-4", "orders-1", "orders-3"])
        #expect(found.map(\.timestamp.milliseconds) == [30_105, 30_107, 30_110, 30_110])
        #expect(found.map(\.envelope.sequence) == [1, 2, 3, 4])
    }

    @Test("at the end of the data what waits is CANCELLED END_OF_DATA, and so is what comes after")
    func endOfData() {
        var core = waitingCore([Make.order(1), Make.order(2)])
        let found = results(core.take(.endOfData, at: 50))
        #expect(found.map(\.status) == [.cancelled, .cancelled])
        #expect(found.map(\.errorCode) == ["END_OF_DATA", "END_OF_DATA"])
        #expect(found.map(\.timestamp) == [Make.at(50), Make.at(50)])
        let late = results(core.take(.order(Make.order(3, at: 50)), at: 50))
        #expect(late.map(\.errorCode) == ["END_OF_DATA"])
        _ = core.take(Make.data(at: 60))
        #expect(core.take(.order(Make.order(4, at: 60)), at: 60).isEmpty)
    }

    @Test("the end of the data does not touch an order that needs no waiting")
    func endWithoutLatency() {
        var core = ExecutionCore()
        _ = core.take(Make.data(at: 0))
        #expect(core.take(.endOfData, at: 0).isEmpty)
        #expect(results(core.take(.order(Make.order()), at: 0)).first?.status == .filled)
    }

    @Test("a known client_id that still waits is not taken twice")
    func waitingTwice() {
        var core = waitingCore([Make.order(1)])
        #expect(core.take(.order(Make.order(2, client: "cdb-1")), at: 0).isEmpty)
        #expect(results(core.take(Make.data(at: 100))).map(\.orderID) == ["orders-1"])
    }

    @Test("reduce-only is clamped when it fills, not when it arrives")
    func clampedAtFill() {
        var core = waitingCore([
            Make.order(1, .buy, "0.5"), Make.order(2, .sell, "0.3", reduceOnly: true),
            Make.order(3, .sell, "0.3", reduceOnly: true),
            Make.order(4, .sell, "0.3", reduceOnly: true),
        ])
        let found = results(core.take(Make.data(at: 100, price: "100")))
        #expect(found.map(\.filledQuantity) == ["0.5", "0.3", "0.2", "0"].map { Make.fixed($0) })
        #expect(found.last?.errorCode == "NO_POSITION")
    }
}
