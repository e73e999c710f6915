import CoreModels
import DecisionCores
import Testing

@testable import Operator

@Suite("The summary")
struct SummaryTests {
    private var summary: Summary {
        var summary = Summary()
        summary.signals = 10
        summary.decisionsOfSignals = 10
        summary.decisions = 12
        summary.approved = 6
        summary.trimmed = 1
        summary.rejected = 5
        summary.rejections = [
            .init(layer: 4, code: "RISK_LIMIT", count: 3), .init(layer: nil, code: "X", count: 2),
        ]
        summary.orders = 7
        summary.orderReasons = [
            .init(name: "SIGNAL", count: 5), .init(name: "STOP_LOSS", count: 2),
        ]
        summary.results = 7
        summary.resultStatuses = [.init(name: "FILLED", count: 7)]
        summary.fills = 7
        summary.tradesClosed = 3
        summary.tradesOpen = 1
        summary.tradesWon = 2
        summary.realized = Money(raw: 12_345_678_900_000_000_000)
        summary.fees = Money(2)
        summary.equity = Money(10_010)
        summary.maximumDrawdownPct = Ratio(1)
        summary.halts = 1
        summary.trading = "ACTIVE"
        summary.fingerprint = "875de3a8"
        return summary
    }

    @Test("tells everything to a person, with its proofs and assumptions")
    func lines() {
        #expect(
            summary.lines(.default) == [
                "summary",
                "  signals       10",
                "  decisions     6 approved, 1 trimmed, 5 rejected",
                "                3 rejected by layer 4, RISK_LIMIT",
                "                2 rejected by no layer, X",
                "  orders        7 (5 SIGNAL, 2 STOP_LOSS)",
                "  results       7 (7 FILLED)",
                "  fills         7",
                "  stop-losses   2",
                "  trades        3 closed (2 with a profit), 1 open",
                "  realised PnL  12.35 USDT after fees",
                "  fees          2.0 USDT",
                "  max drawdown  1.0 %",
                "  final equity  10010.0 USDT",
                "  halts         1, trading is ACTIVE",
                "  sha-256       875de3a8 of these decisions",
                "  proved        signals = decisions that name a signal: 10 and 10",
                "  proved        approved + trimmed = orders: 7 and 7",
                "  proved        orders = results: 7 and 7",
                "  assumptions   no funding, no leverage, no lot sizes, no liquidation, "
                    + "market orders only; fee 10.0 bps, spread 2.0 bps, slippage 5.0 bps",
            ])
    }

    @Test("says so when a proof does not hold")
    func broken() {
        var summary = summary
        summary.results = 6
        #expect(summary.lines(.default).contains("  BROKEN        orders = results: 7 and 6"))
        let consistent = summary.members(.default).first { $0.name == "consistent" }
        #expect(consistent?.value == .flag(false))
    }

    @Test("of nothing is a summary too")
    func empty() {
        let lines = Summary().lines(.default)
        #expect(lines.contains("  final equity  nothing was traded"))
        #expect(Summary().members(.default).first { $0.name == "equity" }?.value == .null)
    }
}

@Suite("An event in one line")
struct EventLineTests {
    private let time = Timestamp(milliseconds: 1_767_571_205_000)

    @Test("tells a fill with price and fee, and an order not at all")
    func fill() throws {
        let symbol = try #require(Symbol("BTC_USDT"))
        let envelope = Envelope(sequence: 1, id: "x")
        var result = OrderResult(
            envelope: envelope, orderID: "orders-1", clientID: "x", status: .filled,
            symbol: symbol, side: .buy, quantity: Quantity(1), filledQuantity: Quantity(1),
            price: Price(45_000), fee: Money(45), timestamp: time)
        #expect(
            EventLine(.orderResult(result))?.text
                == "00:00:05 result   BTC_USDT BUY FILLED 1.0 at 45000.0, fee 45.0")
        result.status = .rejected
        result.filledQuantity = .zero
        result.errorCode = "NO_QUOTE"
        let line = EventLine(.orderResult(result))
        #expect(line?.text == "00:00:05 result   BTC_USDT BUY REJECTED NO_QUOTE")
        #expect(line?.tone == .bad)
        let order = Order(
            envelope: envelope, orderID: "orders-1", clientID: "x", symbol: symbol, side: .buy,
            quantity: Quantity(1), timestamp: time)
        #expect(EventLine(.order(order)) == nil)
    }

    @Test("tells signals and alerts in their own words")
    func words() throws {
        let signal = Signal(
            envelope: Envelope(sequence: 1, id: "signals-1"),
            symbol: try #require(Symbol("BTC_USDT")),
            side: .sell, confidence: try #require(Ratio("0.35")), reason: "Momentum",
            timestamp: time)
        #expect(
            EventLine(.signal(signal))?.text
                == "00:00:05 signal   BTC_USDT SELL confidence 0.35, Momentum")
        let alert = Alert(
            envelope: Envelope(sequence: 1, id: "alerts.cdb_risk-1"), level: .critical,
            code: "RISK_LIMIT", message: "halted", context: .object([]), source: .risk,
            timestamp: time)
        #expect(EventLine(.alert(alert))?.text == "00:00:05 alert    CRITICAL RISK_LIMIT: halted")
        #expect(EventLine(.alert(alert))?.coloured.hasPrefix("\u{1B}[33m") == true)
    }

    @Test(
        "a bar shows its share",
        arguments: [(0, "0 %"), (500, "50 %"), (1000, "100 %"), (2000, "100 %"), (-1, "0 %")])
    func bar(share: Int, text: String) {
        #expect(ProgressLine.bar(share).hasSuffix("] \(text)"))
        #expect(ProgressLine.bar(share).count == 33 + text.count)
    }
}
