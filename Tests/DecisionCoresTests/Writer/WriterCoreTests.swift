import CoreModels
import DecisionCores
import Testing

@Suite("What the writer makes of events")
struct WriterCoreTests {
    private struct Fill: Sendable {
        var side: Side
        var quantity: String
        var price: String
        var fee = "0"
    }

    private static let start = Timestamp(milliseconds: 1_767_225_600_000)
    private static let symbol = Symbol("BTC_USDT")

    private static func order(_ number: Int64, _ side: Side) throws -> Event {
        .order(
            Order(
                envelope: Envelope(sequence: number, id: "orders-\(number)"),
                orderID: "orders-\(number)", clientID: "cdb-\(number)",
                symbol: try #require(symbol), side: side, quantity: Quantity(1),
                stopLossPct: Ratio("0.02"), signalID: "signals-\(number)", timestamp: start))
    }

    private static func result(
        _ number: Int64, _ fill: Fill, order: Int64? = nil
    ) throws -> Event {
        let quantity = try #require(Quantity(fill.quantity))
        return .orderResult(
            OrderResult(
                envelope: Envelope(
                    sequence: number, id: "order_results-\(number)",
                    cause: "orders-\(order ?? number)"),
                orderID: "orders-\(order ?? number)", clientID: "cdb-\(number)",
                status: quantity.isPositive ? .filled : .rejected, symbol: try #require(symbol),
                side: fill.side, quantity: quantity, filledQuantity: quantity,
                price: quantity.isPositive ? Price(fill.price) : nil,
                fee: try #require(Money(fill.fee)), timestamp: start.advanced(by: number)))
    }

    private static func account(_ number: Int64, price: String, at offset: Int64) throws -> Event {
        .account(
            Account(
                envelope: Envelope(sequence: number, id: "account-\(number)"), equity: .zero,
                cash: .zero, exposure: .zero, inFlight: .zero, realizedToday: .zero,
                unrealized: .zero, dailyPnL: .zero, drawdownPct: .zero, dayStartEquity: .zero,
                positions: [
                    Account.Position(
                        symbol: try #require(symbol), quantity: Quantity(1),
                        averageEntryPrice: Price(1), lastPrice: try #require(Price(price)),
                        unrealized: .zero)
                ], trading: "ACTIVE", timestamp: start.advanced(by: offset)))
    }

    /// Orders and fills, one after the other; the rows of all.
    private static func book(
        _ fills: [Fill], _ core: inout WriterCore
    ) throws -> [RowChange] {
        var rows: [RowChange] = []
        for (index, fill) in fills.enumerated() {
            let number = Int64(index + 1)
            #expect(core.handle(try order(number, fill.side), into: &rows) == .handled)
            #expect(core.handle(try result(number, fill), into: &rows) == .handled)
        }
        return rows
    }

    private static func trades(_ rows: [RowChange]) -> [TradeRow] {
        rows.compactMap { if case .trade(let row) = $0 { row } else { nil } }
    }

    private static func positions(_ rows: [RowChange]) -> [PositionRow?] {
        rows.compactMap { row in
            switch row {
            case .position(let row): .some(row)
            case .positionClosed: .some(nil)
            case .signal, .riskEvent, .order, .orderResult, .fill, .trade, .balance, .alert: nil
            }
        }
    }

    @Test("a round trip is one trade: opened, averaged, shrunk, closed, fees taken off")
    func roundTrip() throws {
        var core = WriterCore()
        let rows = try Self.book(
            [
                Fill(side: .buy, quantity: "1", price: "100", fee: "0.1"),
                Fill(side: .buy, quantity: "1", price: "110", fee: "0.1"),
                Fill(side: .sell, quantity: "0.5", price: "125", fee: "0.2"),
                Fill(side: .sell, quantity: "1.5", price: "95", fee: "0.3"),
            ], &core)
        let trades = Self.trades(rows)
        #expect(Set(trades.map(\.id)) == ["trades-1"])
        #expect(trades.map(\.quantity) == [Quantity(1), Quantity(2), Quantity(2), Quantity(2)])
        #expect(trades.map(\.entryPrice) == [Price(100), Price(105), Price(105), Price(105)])
        #expect(trades.map(\.exitPrice) == [nil, nil, Price(125), Price("102.5")])
        #expect(trades.map(\.pnl) == [Money("-0.1"), Money("-0.2"), Money("9.6"), Money("-5.7")])
        #expect(trades.last?.pnlPct == Ratio("-2.714285714285714286"))
        #expect(trades.last?.fees == Money("0.7"))
        #expect(trades.map(\.exitOrderID) == [nil, nil, nil, "orders-4"])
        #expect(trades.last?.closedAt == Self.start.advanced(by: 4))
        #expect(trades.last?.signalID == "signals-1")
        #expect(trades.last?.entryOrderID == "orders-1")
        let positions = Self.positions(rows)
        #expect(positions.map { $0?.quantity } == [Quantity(1), Quantity(2), Quantity("1.5"), nil])
        #expect(positions[1]?.stopLossPrice == Price("102.9"))
    }

    @Test("a fill beyond the position closes one trade and opens the next, the fee divided")
    func flip() throws {
        var core = WriterCore()
        let rows = try Self.book(
            [
                Fill(side: .buy, quantity: "0.01", price: "50000"),
                Fill(side: .sell, quantity: "0.03", price: "51000", fee: "3"),
            ], &core)
        let trades = Self.trades(rows)
        #expect(trades.map(\.id) == ["trades-1", "trades-1", "trades-2"])
        #expect(trades[1].pnl == Money(9))
        #expect(trades[1].isOpen == false)
        #expect(trades[2].side == .sell)
        #expect(trades[2].quantity == Quantity("0.02"))
        #expect(trades[2].fees == Money(2))
        #expect(trades[2].entryOrderID == "orders-2")
        let last = Self.positions(rows).last
        #expect(last??.isLong == false)
        #expect(last??.stopLossPrice == Price(52020))
    }

    @Test("a rejected order changes its row and nothing else")
    func rejected() throws {
        var core = WriterCore()
        let rows = try Self.book([Fill(side: .buy, quantity: "0", price: "1")], &core)
        guard rows.count == 2, case .orderResult(let result) = rows[1] else {
            Issue.record("\(rows)")
            return
        }
        #expect(result.status == .rejected)
    }

    @Test("a result waits for its order, unless the order cannot come any more")
    func resultFirst() throws {
        var core = WriterCore()
        var rows: [RowChange] = []
        let result = try Self.result(1, Fill(side: .buy, quantity: "1", price: "2"))
        #expect(core.handle(result, into: &rows) == .orderMissing)
        #expect(rows.isEmpty)
        #expect(core.takeChangedKeys().isEmpty)
        var complete = core
        #expect(complete.handle(result, ordersComplete: true, into: &rows) == .handled)
        var parked = core
        parked.parked(.orders, sequence: 1)
        #expect(parked.handle(result, into: &rows) == .handled)
        #expect(rows.isEmpty)
        _ = core.handle(try Self.order(1, .buy), into: &rows)
        #expect(core.handle(result, into: &rows) == .handled)
        #expect(Self.trades(rows).count == 1)
    }

    @Test("a second result of an order is booked once")
    func twice() throws {
        var core = WriterCore()
        let fill = Fill(side: .buy, quantity: "1", price: "2")
        _ = try Self.book([fill], &core)
        var rows: [RowChange] = []
        #expect(core.handle(try Self.result(2, fill, order: 1), into: &rows) == .handled)
        #expect(rows.isEmpty)
    }

    @Test("the account's price values a position in any interleaving, an older one does not")
    func marks() throws {
        let fill = Fill(side: .buy, quantity: "2", price: "100")
        let expected = [(Int64(0), Price(100), Money(0)), (1, Price(130), Money(60))]
        for (offset, price, unrealized) in expected {
            for isAccountFirst in [true, false] {
                var core = WriterCore()
                var rows: [RowChange] = []
                let account = try Self.account(1, price: "130", at: offset)
                if isAccountFirst { _ = core.handle(account, into: &rows) }
                rows += try Self.book([fill], &core)
                if !isAccountFirst { _ = core.handle(account, into: &rows) }
                let last = try #require(Self.positions(rows).last)
                let row = try #require(last)
                #expect(row.currentPrice == price)
                #expect(row.unrealized == unrealized)
            }
        }
    }

    @Test(
        "a decision that rejects or trims is a risk event of its layer's severity",
        arguments: [
            (0, Alert.Level.info), (1, .critical), (2, .warning), (3, .warning), (4, .info),
            (5, .warning), (6, .info),
        ])
    func riskEvents(layer: Int, severity: Alert.Level) throws {
        for verdict in RiskDecision.Verdict.allCases {
            let decision = RiskDecision(
                envelope: Envelope(sequence: 1, id: "risk_decisions-1"), signalID: "signals-1",
                symbol: try #require(Self.symbol), side: .buy, verdict: verdict, layer: layer,
                code: .riskLimit, quantity: .zero, price: nil, notional: .zero, orderID: nil,
                checks: [
                    RiskDecision.Check(
                        layer: layer, name: "name", value: .integer(1), limit: .integer(2),
                        result: verdict == .trimmed ? .trim : .reject)
                ],
                state: RiskDecision.State(
                    equity: .zero, dayStartEquity: .zero, dailyPnL: .zero, exposure: .zero,
                    inFlight: .zero, trading: "ACTIVE"), market: nil, timestamp: Self.start)
            var core = WriterCore()
            var rows: [RowChange] = []
            _ = core.handle(.riskDecision(decision), into: &rows)
            guard verdict != .approved else {
                #expect(rows.isEmpty)
                continue
            }
            guard case .riskEvent(let row) = rows.first else {
                Issue.record("\(rows)")
                continue
            }
            #expect(row.severity == severity)
            #expect(row.blockedOrder == (verdict == .rejected))
            let word = verdict == .rejected ? "rejected" : "trimmed"
            #expect(row.description == "BUY BTC_USDT \(word) by layer \(layer) (name): RISK_LIMIT")
        }
    }

    @Test(
        "an alert of cdb_risk is in two tables, one of another service in one",
        arguments: Service.allCases)
    func alerts(service: Service) {
        let alert = Alert(
            envelope: Envelope(sequence: 1, id: service.alerts.id(1)), level: .warning,
            code: "X", message: "m", context: .object([]), source: service, timestamp: Self.start)
        var core = WriterCore()
        var rows: [RowChange] = []
        _ = core.handle(.alert(alert), into: &rows)
        #expect(rows.count == (service == .risk ? 2 : 1))
    }

    @Test("the writer numbers its own alerts, also after a restart")
    func notice() throws {
        var core = WriterCore()
        let draft = AlertDraft(.warning, "DEAD_LETTER", "parked")
        #expect(core.notice(draft, at: Self.start).envelope.id == "alerts.cdb_writer-1")
        var again = WriterCore()
        for key in core.takeChangedKeys() {
            let value = try #require(core.state(of: key))
            let isUnderstood = again.restore(key, value)
            #expect(isUnderstood)
        }
        #expect(again.notice(draft, at: Self.start).envelope.id == "alerts.cdb_writer-2")
        var other = WriterCore(alertsHead: 7)
        #expect(other.notice(draft, at: Self.start).envelope.id == "alerts.cdb_writer-8")
    }

    @Test(
        "a restart after any event, from the changed keys alone, changes no row", arguments: 1...20)
    func restart(seed: UInt64) throws {
        var random = WriterRandom(state: seed)
        var events: [Event] = []
        for number in Int64(1)...40 {
            let side: Side = random.next() % 2 == 0 ? .buy : .sell
            events.append(try Self.order(number, side))
            let fill = Fill(
                side: side, quantity: "\(random.next() % 9).\(random.next() % 999)",
                price: "\(1 + random.next() % 99).\(random.next() % 999)", fee: "0.01")
            events.append(try Self.result(number, fill))
            events.append(try Self.account(number, price: "50", at: number))
        }
        var whole = WriterCore()
        var restarted = WriterCore()
        var store: [String: Value] = [:]
        for event in events {
            var expected: [RowChange] = []
            var rows: [RowChange] = []
            _ = whole.handle(event, into: &expected)
            _ = restarted.handle(event, into: &rows)
            #expect(rows == expected, "seed \(seed)")
            for key in restarted.takeChangedKeys() { store[key] = restarted.state(of: key) }
            if random.next() % 4 == 0 {
                restarted = WriterCore()
                for (key, value) in store {
                    let isUnderstood = restarted.restore(key, value)
                    #expect(isUnderstood)
                }
            }
        }
    }

    @Test("numbers that nothing can hold are counted and change no position")
    func overflow() throws {
        var core = WriterCore()
        let rows = try Self.book(
            [
                Fill(side: .buy, quantity: "1", price: "100"),
                Fill(side: .sell, quantity: "100000000000000000000", price: "100000000000"),
            ], &core)
        #expect(core.overflows == 1)
        #expect(Self.trades(rows).count == 1)
    }
}

/// SplitMix64: the same numbers for the same seed.
private struct WriterRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
