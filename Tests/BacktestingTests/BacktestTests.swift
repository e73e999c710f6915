import Backtesting
import CoreModels
import DecisionCores
import MarketSources
import Testing

@Suite("A backtest")
struct BacktestTests {
    @Test(
        "decides nothing by what comes later, wherever the data are cut",
        arguments: [CandleMode.close, .path], [UInt64(1), 2, 3])
    func noLookAhead(candles: CandleMode, seed: UInt64) throws {
        let tape = Tape(minutes: 600, seed: seed)
        let whole = try tape.run(minutes: 600, candles: candles).events
        #expect(whole.contains { if case .orderResult = $0 { true } else { false } })
        var random = Lottery(state: seed)
        for _ in 0..<12 {
            let minutes = 20 + random.draw(580)
            let cut = try tape.run(minutes: minutes, candles: candles).events
            #expect(cut == Array(whole.prefix(cut.count)), "cut after \(minutes) minutes")
            let next = whole.dropFirst(cut.count).first?.timestamp.milliseconds ?? .max
            // The last price of the cut market is that of its last close.
            #expect(next > Tape.start + Int64(minutes) * 60_000, "cut after \(minutes) minutes")
        }
    }

    @Test("gives the same in every run", arguments: [CandleMode.close, .path])
    func repeatable(candles: CandleMode) throws {
        let tape = Tape(minutes: 300, seed: 7)
        let (one, first) = try tape.run(minutes: 300, candles: candles)
        let (other, second) = try tape.run(minutes: 300, candles: candles)
        #expect(first == second)
        #expect(one.record == other.record)
    }

    @Test("gives what the parts give that it is made of")
    func sameAsParts() throws {
        let tape = Tape(minutes: 300, seed: 5)
        let (backtest, events) = try tape.run(minutes: 300)
        var merge = try tape.merge(minutes: 300)
        var screener = ScreenerCore(settings: Tape.settings.screener)
        var pipeline = Pipeline(
            signal: SignalCore(settings: Tape.settings.signal),
            risk: RiskCore(limits: Tape.settings.risk),
            execution: ExecutionCore(settings: Tape.settings.paper))
        var expected: [Event] = []
        var sequence: Int64 = 0
        while let observation = try merge.next() {
            let outcome = screener.observe(observation, at: observation.timestamp)
            guard var data = outcome.marketData else { continue }
            sequence += 1
            data.reference = MarketReference(feed: Tape.feed, sequence: sequence)
            pipeline.marketDataSeen(data, at: data.timestamp, into: &expected)
        }
        // The accounts of the minutes are only counted.
        func isMinute(_ event: Event) -> Bool {
            if case .account(let account) = event { account.envelope.cause == nil } else { false }
        }
        func strippedOfNumber(_ event: Event) -> Event {
            guard case .account(var account) = event else { return event }
            account.envelope.sequence = 0
            account.envelope.id = ""
            return .account(account)
        }
        #expect(
            events.map(strippedOfNumber)
                == expected.filter { !isMinute($0) }.map(strippedOfNumber))
        #expect(backtest.messages == sequence)
        // Four prices a minute, but the first of each symbol.
        #expect(sequence == 300 * 4 * 3 - 3)
    }

    @Test("never fills an order at the price that led to it while orders take time")
    func latency() throws {
        let events = try Tape(minutes: 600, seed: 2).run(minutes: 600).events
        var decided: [String: Timestamp] = [:]
        var fills = 0
        for event in events {
            if case .order(let order) = event { decided[order.orderID] = order.timestamp }
            guard case .orderResult(let result) = event, result.filledQuantity.isPositive else {
                continue
            }
            fills += 1
            #expect(try result.timestamp > #require(decided[result.orderID]))
        }
        #expect(fills > 5)
    }

    @Test("counts every event once, and its trades and costs are those of the results")
    func record() throws {
        var (backtest, events) = try Tape(minutes: 900, seed: 4).run(minutes: 900)
        backtest.end()
        events += backtest.events
        let record = backtest.record
        var fees = Money.zero
        var fills = 0
        var signals = 0
        var decisions = 0
        for event in events {
            switch event {
            case .signal: signals += 1
            case .riskDecision: decisions += 1
            case .orderResult(let result) where result.filledQuantity.isPositive:
                fills += 1
                fees += result.fee
            case .orderResult, .order, .account, .alert: break
            }
        }
        #expect(record.signals == Int64(signals))
        #expect(record.approved + record.trimmed + record.rejected == Int64(decisions))
        #expect(record.refusals.reduce(0) { $0 + $1.count } == record.rejected)
        #expect(record.orders == record.statuses.reduce(0, +))
        #expect(record.orders == record.orderReasons.reduce(0, +))
        #expect(record.fills == Int64(fills))
        #expect(record.fees == fees)
        #expect(record.slippage.isPositive)
        #expect(record.equity.last == backtest.pipeline.risk.equity)
        // All fees and gains are in trades, closed or open: equity is made of nothing else.
        let realized =
            record.trades.profits + record.trades.losses
            + record.trades.stillOpen.reduce(Money.zero) { $0 + $1.row.pnl }
        let unrealized = backtest.pipeline.risk.portfolio.unrealized
        let difference = record.equity.last - record.equity.initial - realized - unrealized
        #expect(difference.magnitude < Money(raw: 1_000_000_000), "\(difference)")
    }
}
