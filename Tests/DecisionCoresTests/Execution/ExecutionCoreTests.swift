import CoreModels
import DecisionCores
import Testing

@Suite("ExecutionCore")
struct ExecutionCoreTests {
    private func results(_ events: [Event]) -> [OrderResult] {
        events.compactMap { if case .orderResult(let result) = $0 { result } else { nil } }
    }

    /// A core that has seen one quote of BTC_USDT at time 0.
    private func quoted(
        _ settings: PaperSettings = .default, volume: String = "250000"
    ) -> ExecutionCore {
        var core = ExecutionCore(settings: settings)
        #expect(core.take(Make.data(at: 0, volume: volume)).isEmpty)
        return core
    }

    private func result(_ core: inout ExecutionCore, _ order: Order, at now: Int64 = 0) throws
        -> OrderResult
    {
        let found = results(core.take(.order(order), at: now))
        #expect(found.count == 1)
        return try #require(found.first)
    }

    @Test("a fill carries everything of its order, the quote, price, slippage and fee")
    func wholeFill() {
        var core = quoted()
        let expected = OrderResult(
            envelope: Envelope(
                sequence: 1, id: "order_results-1", cause: "orders-3", trace: "signals-3"),
            orderID: "orders-3", clientID: "cdb-3", status: .filled, symbol: Make.symbol(),
            side: .buy, quantity: Make.fixed("0.01"), filledQuantity: Make.fixed("0.01"),
            price: Make.fixed("45027.00225"), referencePrice: Make.fixed("45004.5"),
            slippageBps: Ratio(5), fee: Make.fixed("0.4502700225"), feeCurrency: "USDT",
            mode: "paper", timestamp: Make.at(12))
        #expect(core.take(.order(Make.order(3)), at: 12) == [.orderResult(expected)])
        #expect(core.position(Make.symbol())?.quantity == Make.fixed("0.01"))
    }

    @Test("above 10 % of the turnover the rest is not filled")
    func partial() throws {
        var core = quoted(volume: "1000")
        let found = try result(&core, Make.order(1, .buy, "0.01"))
        #expect(found.status == .partiallyFilled)
        #expect(found.quantity == Make.fixed("0.01"))
        // 100 ÷ 45004.5, floored.
        #expect(found.filledQuantity == Make.fixed("0.002222"))
        #expect(found.slippageBps == Ratio(14))
        #expect(core.position(Make.symbol())?.quantity == Make.fixed("0.002222"))
    }

    @Test(
        "what cannot be filled ends with its code",
        arguments: [
            ("0.01", "cdb-1", false, "ETH_USDT", OrderResult.Status.rejected, "NO_QUOTE"),
            ("0", "cdb-1", false, "BTC_USDT", .rejected, "INVALID_ORDER"),
            ("-1", "cdb-1", false, "BTC_USDT", .rejected, "INVALID_ORDER"),
            ("0.01", "", false, "BTC_USDT", .rejected, "INVALID_ORDER"),
            ("0.01", "a b", false, "BTC_USDT", .rejected, "INVALID_ORDER"),
            (
                "0.01", "123456789012345678901234567890123", false, "BTC_USDT", .rejected,
                "INVALID_ORDER"
            ),
            ("0.01", "cdb-1", true, "BTC_USDT", .rejected, "NO_POSITION"),
            ("100000000000000000000", "cdb-1", false, "BTC_USDT", .rejected, "OVERFLOW"),
        ] as [(String, String, Bool, String, OrderResult.Status, String)])
    func refused(
        quantity: String, client: String, reduceOnly: Bool, symbol: String,
        status: OrderResult.Status, code: String
    ) throws {
        var core = quoted()
        let found = try result(
            &core,
            Make.order(
                1, .buy, quantity, symbol: symbol, client: client, reduceOnly: reduceOnly))
        #expect(found.status == status)
        #expect(found.errorCode == code)
        #expect(found.errorMessage?.isEmpty == false)
        #expect(found.filledQuantity == .zero)
        #expect(found.price == nil)
        #expect(found.fee == .zero)
    }

    @Test("without turnover nothing is filled: CANCELLED NO_LIQUIDITY")
    func noLiquidity() throws {
        var core = quoted(volume: "0")
        let found = try result(&core, Make.order())
        #expect(found.status == .cancelled)
        #expect(found.errorCode == "NO_LIQUIDITY")
    }

    @Test(
        "a quote may be as old as the stale timeout, not older",
        arguments: [(30_000, OrderResult.Status.filled), (30_001, .rejected)]
            as [(Int64, OrderResult.Status)])
    func staleQuote(now: Int64, expected: OrderResult.Status) throws {
        var core = quoted()
        let found = try result(&core, Make.order(at: now), at: now)
        #expect(found.status == expected)
        #expect(found.errorCode == (expected == .filled ? nil : "NO_QUOTE"))
    }

    @Test("age counts from receipt, not from the exchange's time")
    func ageFromReceipt() throws {
        var core = ExecutionCore()
        _ = core.take(.marketData(Make.data(at: 0)), at: 100_000)
        #expect(try result(&core, Make.order(), at: 130_000).status == .filled)
    }

    @Test(
        "quotes that cannot be right are not used",
        arguments: [("0", 0), ("5", 60_001)]
            as [(String, Int64)])
    func badQuotes(price: String, time: Int64) throws {
        var core = ExecutionCore()
        _ = core.take(.marketData(Make.data(at: time, price: price)), at: 0)
        #expect(try result(&core, Make.order()).errorCode == "NO_QUOTE")
    }

    @Test("after a live restart an order needs a quote that is new")
    func forgottenQuotes() throws {
        var core = quoted()
        core.forgetTradableQuotes()
        #expect(core.state(of: "window:quote:BTC_USDT") == nil)
        #expect(core.takeChangedKeys().contains("window:quote:BTC_USDT"))
        #expect(try result(&core, Make.order()).errorCode == "NO_QUOTE")
    }

    @Test("a reduce-only order is clamped to the position, and what is too much is not filled")
    func reduceOnly() throws {
        var core = quoted()
        _ = try result(&core, Make.order(1, .buy, "0.01"))
        let wrongWay = try result(&core, Make.order(2, .buy, "0.01", reduceOnly: true))
        #expect(wrongWay.errorCode == "NO_POSITION")
        let clamped = try result(&core, Make.order(3, .sell, "0.03", reduceOnly: true))
        #expect(clamped.status == .partiallyFilled)
        #expect(clamped.quantity == Make.fixed("0.03"))
        #expect(clamped.filledQuantity == Make.fixed("0.01"))
        #expect(core.position(Make.symbol())?.quantity == .zero)
        let none = try result(&core, Make.order(4, .sell, "0.03", reduceOnly: true))
        #expect(none.errorCode == "NO_POSITION")
    }

    @Test(
        "a fill by hand sets the position a reduce-only order is clamped to, and counts as no trade"
    )
    func handFill() throws {
        var core = quoted()
        let fill = HandFill(
            symbol: Make.symbol(), side: .sell, quantity: Make.fixed("0.02"), price: Price(45000))
        #expect(core.take(.fill(fill), at: 0).isEmpty)
        let cover = try result(&core, Make.order(1, .buy, "0.02", reduceOnly: true))
        #expect(cover.status == .filled)
        #expect(core.position(Make.symbol())?.quantity == .zero)
        #expect(core.position(Make.symbol())?.sells == 0)
    }

    @Test("a known client_id gets the stored result again and changes nothing")
    func idempotent() throws {
        var core = quoted()
        let first = try result(&core, Make.order(1))
        _ = core.take(Make.data(at: 5, price: "50000"))
        var second = try result(&core, Make.order(2, .sell, "9", client: "cdb-1"), at: 7)
        #expect(second.envelope.id == "order_results-2")
        #expect(second.envelope.cause == "orders-2")
        second.envelope = first.envelope
        #expect(second == first)
        #expect(core.position(Make.symbol())?.quantity == Make.fixed("0.01"))
        #expect(core.statistics.ordersReceived == 1)
        #expect(core.statistics.duplicates == 1)
    }

    @Test("a malformed order with an id is REJECTED INVALID_ORDER with what could be read")
    func malformed() throws {
        var core = quoted()
        var events: [Event] = []
        core.rejectMalformed(
            orderID: "orders-9", reason: "side is missing", at: Make.at(4), into: &events)
        core.rejectMalformed(
            orderID: "orders-10", clientID: "c-10", symbol: Make.symbol(), side: .sell,
            quantity: Quantity(2), reason: "price is no number", at: Make.at(5), into: &events)
        let found = results(events)
        #expect(found.map(\.errorCode) == ["INVALID_ORDER", "INVALID_ORDER"])
        #expect(found.map(\.errorMessage) == ["side is missing", "price is no number"])
        #expect(found.map(\.orderID) == ["orders-9", "orders-10"])
        #expect(found.map(\.symbol.description) == ["UNKNOWN_USDT", "BTC_USDT"])
        #expect(found.map(\.envelope.cause) == ["orders-9", "orders-10"])
        #expect(found.last?.quantity == Quantity(2))
        #expect(core.statistics.ordersRejected == 2)
    }

    @Test(
        "PAPER_REJECT_RATE rejects its share by a hash of the client_id",
        arguments: [("0", 0...0), ("1", 1000...1000), ("0.25", 200...300)])
    func rejectRate(rate: String, expected: ClosedRange<Int>) {
        var runs: [[OrderResult.Status]] = []
        for _ in 0..<2 {
            var core = quoted(PaperSettings(rejectRate: Make.fixed(rate)), volume: "1e12")
            let found = (1...1000).flatMap { results(core.take(.order(Make.order($0)), at: 0)) }
            #expect(expected.contains(found.filter { $0.errorCode == "PAPER_REJECT" }.count))
            runs.append(found.map(\.status))
        }
        #expect(runs[0] == runs[1])
    }

    @Test("a notice becomes a numbered alert of cdb_execution")
    func notice() {
        var core = ExecutionCore()
        let expected = Alert(
            envelope: Envelope(sequence: 1, id: "alerts.cdb_execution-1"), level: .critical,
            code: "POISON", message: "m", context: .object([]), source: .execution,
            timestamp: Make.at(3))
        #expect(
            core.take(.notice(AlertDraft(.critical, "POISON", "m")), at: 3) == [
                .alert(expected)
            ])
    }

    @Test("statistics: closings, win rate, durations and results after fees")
    func statistics() throws {
        var core = quoted(PaperSettings(slippageBps: .zero, spreadBps: .zero), volume: "1e9")
        _ = try result(&core, Make.order(1, .buy, "0.02"))
        #expect(core.closedTrades.isEmpty)
        _ = core.take(Make.data(at: 1000, price: "46000", volume: "1e9"))
        _ = try result(&core, Make.order(2, .sell, "0.01"), at: 1000)
        // 460 − 450 − fees 0.46 and 0.45.
        let win = ClosedTrade(
            symbol: Make.symbol(), side: .sell, pnl: Make.fixed("9.09"), durationMilliseconds: 1000)
        #expect(core.closedTrades == [win])
        _ = core.take(Make.data(at: 3000, price: "44000", volume: "1e9"))
        #expect(core.closedTrades.isEmpty)
        // Closes 0.01 and goes short 0.01: 440 − 450 − 0.45 − half of 0.88.
        _ = try result(&core, Make.order(3, .sell, "0.02"), at: 3000)
        #expect(core.closedTrades.map(\.pnl) == [Make.fixed("-10.89")])
        #expect(core.closedTrades.map(\.durationMilliseconds) == [3000])
        #expect(core.statistics.winRate == Make.fixed("0.5"))
        let position = try #require(core.position(Make.symbol()))
        #expect(position.quantity == Make.fixed("-0.01"))
        #expect(position.realized == Make.fixed("-1.8"))
        #expect(position.sells == 2)
        // Short 0.01 @ 44000 covered at 43000: 440 − 430 − 0.44 − 0.43.
        _ = core.take(Make.data(at: 4000, price: "43000", volume: "1e9"))
        _ = try result(&core, Make.order(4, .buy, "0.01"), at: 4000)
        #expect(core.closedTrades.map(\.pnl) == [Make.fixed("9.13")])
    }

    @Test("status tells counters, mode, the last result and the open positions")
    func status() throws {
        var core = quoted()
        _ = try result(&core, Make.order(1))
        _ = try result(&core, Make.order(2, .buy, "1", symbol: "ETH_USDT"))
        let status = Value.object(core.status(at: Make.at(0)))
        #expect(status["orders_received"] == .integer(2))
        #expect(status["orders_filled"] == .integer(1))
        #expect(status["orders_rejected"] == .integer(1))
        #expect(status["mode"] == .text("paper"))
        #expect(status["last_result"]["order_id"] == .text("orders-2"))
        #expect(status["positions"].list?.map { $0["symbol"] } == [.text("BTC_USDT")])
        #expect(core.recentResults(5).map(\.orderID) == ["orders-2", "orders-1"])
    }
}
