import CoreModels
import DecisionCores
import Testing

/// The rows of "Worked numbers" in docs/RISK.md.
@Suite struct WorkedNumbersTests {
    @Test(
        "sizing floors the quantity to 8 decimals",
        arguments: [
            ("45000", "0.85", "0.01888888", "850"),
            ("0.00001234", "1.0", "81037277.14748784", "1000"),
        ])
    func sizing(price: String, confidence: String, quantity: String, most: String) throws {
        var trace = RiskTrace()
        trace.market(price)
        trace.signal(.buy, confidence: confidence)
        let order = try #require(trace.orders.first)
        #expect(order.quantity == number(quantity))
        #expect(try #require(trace.decision).notional <= number(most))
        #expect(trace.decision?.verdict == .approved)
        #expect(trace.decision?.code == .ok)
        #expect(trace.decision?.layer == nil)
        #expect(trace.decision?.checks.map(\.layer) == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test("an explicit size above the position limit is trimmed")
    func trimmed() {
        var trace = RiskTrace()
        trace.market("45000")
        trace.signal(.buy, size: "0.05555556")
        #expect(trace.decision?.verdict == .trimmed)
        #expect(trace.decision?.layer == 5)
        #expect(trace.decision?.code == .riskLimit)
        #expect(trace.orders.map(\.quantity) == [number("0.02222222")])
        #expect(trace.orders.map(\.trimmed) == [true])
        #expect(trace.alerts.map(\.code) == ["RISK_LIMIT"])
        #expect(trace.alerts.map(\.level) == [.warning])
    }

    @Test("a position that is already full is not increased")
    func alreadyFull() {
        var trace = RiskTrace()
        trace.market("45000")
        trace.fill(.buy, "0.02222222", "45000")
        trace.signal(.buy)
        #expect(trace.decision?.verdict == .rejected)
        #expect(trace.decision?.layer == 5)
        #expect(trace.decision?.code == .positionLimit)
        #expect(trace.alerts.map(\.code) == ["POSITION_LIMIT"])
    }

    @Test("future exposure at or above its limit is refused")
    func futureExposure() {
        var trace = RiskTrace()
        trace.market("1", symbol("ETH_USDT"))
        trace.fill(.buy, "4800", "1", symbol("ETH_USDT"))
        trace.market("45000")
        trace.signal(.buy, confidence: "0.85")
        #expect(trace.decision?.layer == 4)
        #expect(trace.decision?.code == .riskLimit)
        #expect(trace.alerts.map(\.level) == [.info])
        trace.signal(.sell, symbol("ETH_USDT"))
        #expect(trace.orders.map(\.reduceOnly) == [true])
        #expect(trace.orders.map(\.quantity) == [number("4800")])
    }

    @Test("exposure counts what is in flight")
    func inFlight() {
        var trace = RiskTrace()
        for index in 0..<6 {
            let coin = symbol("C\(index)_USDT")
            trace.market("1", coin)
            trace.signal(.buy, coin, confidence: "0.99")
            #expect(trace.orders.count == (index < 5 ? 1 : 0))
        }
        #expect(trace.decision?.layer == 4)
        #expect(trace.decision?.state.inFlight == number("4950"))
        #expect(trace.decision?.state.exposure == number("4950"))
    }

    @Test(
        "exactly at the exposure limit is refused, a cent below is not",
        arguments: ["2000", "1999.99"])
    func exactlyAtALimit(size: String) {
        var trace = RiskTrace { $0.maxPositionPct = number("0.25") }
        trace.fill(.buy, "3000", "1", symbol("ETH_USDT"))
        trace.market("1")
        trace.signal(.buy, size: size)
        #expect(trace.orders.isEmpty == (size == "2000"))
    }

    @Test("pnl of a long: unrealized, then realized")
    func pnlLong() {
        var trace = RiskTrace { $0.initialCapital = Money(1_000_000) }
        trace.fill(.buy, "0.5", "44000")
        trace.market("45000")
        #expect(trace.core.portfolio.unrealized == Money(500))
        #expect(trace.core.dailyPnL == Money(500))
        trace.fill(.sell, "0.5", "43000")
        #expect(trace.core.portfolio.realizedToday == Money(-500))
        #expect(trace.core.portfolio.unrealized == .zero)
        #expect(trace.core.dailyPnL == Money(-500))
    }

    @Test("a short gains when the price falls and counts as exposure")
    func short() {
        var trace = RiskTrace {
            $0.initialCapital = Money(1_000_000)
            $0.allowShort = true
        }
        trace.fill(.sell, "0.01", "50000")
        trace.fill(.sell, "0.01", "40000")
        #expect(trace.core.portfolio.realizedToday == .zero)
        #expect(trace.core.portfolio.unrealized == Money(100))
        #expect(trace.core.exposure == Money(800))
        #expect(trace.core.equity == Money(1_000_100))
    }

    @Test("a loss of exactly the limit halts and flattens; the next BUY meets layer 0")
    func drawdown() {
        var trace = RiskTrace()
        trace.fill(.buy, "0.1", "50000")
        trace.market("45000.00000001")
        #expect(trace.core.trading.name == .active)
        trace = RiskTrace()
        trace.fill(.buy, "0.1", "50000")
        trace.market("45000")
        #expect(trace.core.trading.name == .halted)
        #expect(trace.alerts.map(\.level) == [.critical])
        #expect(trace.orders.map(\.reason) == [.flattenDrawdown])
        trace.signal(.buy)
        #expect(trace.decision?.layer == 0)
        #expect(trace.decision?.code == .halted)
        #expect(trace.alerts.isEmpty)
    }

    @Test("market data alone halts and sends one flatten order")
    func drawdownWithoutSignal() {
        var trace = RiskTrace { $0.stopLossPct = number("0.10") }
        trace.fill(.buy, "0.14", "50000")
        trace.market("46400")
        #expect(trace.core.trading.halt?.reason == "DRAWDOWN")
        #expect(trace.orders.map(\.quantity) == [number("0.14")])
        trace.market("46300")
        trace.clock(after: 5000)
        #expect(trace.orders.isEmpty)
    }

    @Test("drawdown and stop-loss at once send one order, the drawdown's")
    func drawdownBeforeStopLoss() {
        var trace = RiskTrace()
        trace.fill(.buy, "0.1", "44000")
        trace.market("38000")
        #expect(trace.orders.map(\.reason) == [.flattenDrawdown])
        #expect(trace.orders.map(\.side) == [.sell])
        #expect(trace.orders.map(\.quantity) == [number("0.1")])
    }

    @Test("the stop-loss acts exactly at its share", arguments: ["49000.01", "49000"])
    func stopLoss(price: String) {
        var trace = RiskTrace()
        trace.fill(.buy, "0.02", "50000")
        trace.market(price)
        #expect(trace.orders.map(\.reason) == (price == "49000" ? [.stopLoss] : []))
        #expect(trace.orders.allSatisfy { $0.reduceOnly && $0.quantity == number("0.02") })
    }

    @Test("halted stays halted when the loss comes back")
    func haltedStaysHalted() {
        var trace = RiskTrace()
        trace.fill(.buy, "0.1", "50000")
        trace.market("44000")
        trace.market("70000")
        #expect(trace.core.dailyPnL == Money(2000))
        #expect(trace.core.trading.name == .halted)
        trace.feed(.release(reason: "looked at it", rebase: false))
        #expect(trace.core.trading.name == .active)
    }

    @Test("a tiny fill is never forgotten")
    func tinyFill() {
        var trace = RiskTrace()
        trace.fill(.buy, "0.0000005", "60000")
        #expect(trace.core.portfolio.positions.map(\.quantity) == [number("0.0000005")])
    }

    @Test("31 s of silence pause once, the next market data resumes")
    func stale() {
        var trace = RiskTrace()
        trace.market("45000")
        #expect(trace.clock(after: 30_000).alerts.isEmpty)
        #expect(trace.clock(after: 1000).alerts.map(\.code) == ["DATA_STALE"])
        #expect(trace.core.trading.name == .paused)
        #expect(trace.clock(after: 1000).isEmpty)
        trace.signal(.buy)
        #expect(trace.decision?.layer == 0)
        #expect(trace.decision?.code == .paused)
        #expect(trace.decision?.checks.first?.value == .text("DATA_STALE"))
        trace.market("45000")
        #expect(trace.core.trading.name == .active)
    }

    @Test("midnight leaves a halt; the release begins a fresh day")
    func rollover() throws {
        var trace = RiskTrace()
        trace.fill(.buy, "0.1", "50000")
        trace.market("44000")
        trace.answer(try #require(trace.orders.first))
        #expect(trace.core.dailyPnL == Money(-600))
        trace.clock(after: TestDay.length)
        #expect(trace.core.trading.name == .halted)
        #expect(trace.core.day.startEquity == Money(9400))
        #expect(trace.core.portfolio.realizedToday == .zero)
        trace.feed(.release(reason: "new day", rebase: false))
        #expect(trace.core.trading.name == .active)
    }
}

enum TestDay { static let length: Int64 = 86_400_000 }
