import CoreModels
import DecisionCores
import TestKit

/// A made-up but consistent past: signals, their decisions, orders, results and accounts, from one
/// seed. Fills average, shrink, close and flip positions.
struct Story {
    private(set) var events: [Event] = []
    private var numbers = StreamNumbers()
    private var random: DeterministicRandom
    private var portfolio = PortfolioCore(cash: Money(10_000))
    private var now = Timestamp(milliseconds: 1_767_225_600_000)

    init(seed: UInt64, signals: Int, lastWithoutResult: Bool = false) {
        random = DeterministicRandom(seed: seed)
        for number in 1...signals {
            tell(isLast: number == signals && lastWithoutResult)
        }
    }

    func events(of service: Service) -> [Event] {
        events.filter { $0.stream.owner == service }
    }

    private mutating func tell(isLast: Bool) {
        now = now.advanced(by: Int64(random.number(in: 1...90_000)))
        let name = random.element(of: ["BTC_USDT", "ETH_USDT", "PEPE_USDT"])
        guard let symbol = Symbol(name) else { return }
        let side: Side = random.chance(percent: 50) ? .buy : .sell
        let price = Price(raw: Int128(random.number(in: 1...9_999_999)) * 10_000_000_000_000)
        var quantity = Quantity(raw: Int128(random.number(in: 1...9_999)) * 1_000_000_000_000_00)
        if let held = portfolio.position(symbol), held.quantity.isPositive == (side == .sell) {
            if random.chance(percent: 50) { quantity = held.quantity.magnitude }
        }
        let signal = add(signal(symbol, side, price))
        let id = signal.envelope.id
        if random.chance(percent: 25) {
            add(.riskDecision(decision(signal, .rejected, symbol, side, quantity, nil)))
            return
        }
        let order = order(symbol, side, quantity, price, id)
        add(.riskDecision(decision(signal, .approved, symbol, side, quantity, order.orderID)))
        add(.order(order))
        if isLast { return }
        let isFilled = random.chance(percent: 85)
        let fee = Money(raw: Int128(random.number(in: 0...999_999)) * 1_000_000_000)
        let result = OrderResult(
            envelope: numbers.next(.orderResults, cause: order.orderID, trace: id),
            orderID: order.orderID, clientID: order.clientID,
            status: isFilled ? .filled : .rejected, symbol: symbol, side: side,
            quantity: quantity, filledQuantity: isFilled ? quantity : .zero,
            price: isFilled ? price : nil, referencePrice: price,
            slippageBps: isFilled ? Ratio(5) : nil, fee: isFilled ? fee : .zero,
            errorCode: isFilled ? nil : "NO_QUOTE", timestamp: now)
        add(.orderResult(result))
        if isFilled {
            _ = portfolio.book(symbol, side, quantity: quantity, price: price, fee: fee)
            add(.account(account(cause: result.envelope.id, trace: id)))
        } else {
            add(.alert(alert(cause: result.envelope.id, trace: id)))
            add(.account(account(cause: nil, trace: nil)))
        }
    }

    @discardableResult
    private mutating func add(_ event: Event) -> Event {
        events.append(event)
        return event
    }

    private mutating func signal(_ symbol: Symbol, _ side: Side, _ price: Price) -> Event {
        let head = numbers.head(.signals)
        let id = Stream.signals.id(head + 1)
        return .signal(
            Signal(
                envelope: numbers.next(.signals, trace: id), symbol: symbol, side: side,
                confidence: Ratio(raw: 850_000_000_000_000_000), reason: "a \"reason\" é",
                timestamp: now, price: price, strategy: "momentum_v1", source: .engine))
    }

    private mutating func decision(
        _ signal: Event, _ verdict: RiskDecision.Verdict, _ symbol: Symbol, _ side: Side,
        _ quantity: Quantity, _ orderID: String?
    ) -> RiskDecision {
        let id = signal.envelope.id
        let isRejected = verdict == .rejected
        return RiskDecision(
            envelope: numbers.next(.riskDecisions, cause: id, trace: id), signalID: id,
            symbol: symbol, side: side, verdict: verdict, layer: isRejected ? 4 : nil,
            code: isRejected ? .riskLimit : .ok, quantity: quantity, price: Price(1),
            notional: Money(1), orderID: orderID,
            checks: [
                RiskDecision.Check(
                    layer: 4, name: "exposure", value: .number(Money(5650)),
                    limit: .number(Money(5000)), result: isRejected ? .reject : .pass)
            ],
            state: RiskDecision.State(
                equity: portfolio.equity, dayStartEquity: Money(10_000), dailyPnL: .zero,
                exposure: .zero, inFlight: .zero, trading: "ACTIVE"),
            market: nil, timestamp: now)
    }

    private mutating func order(
        _ symbol: Symbol, _ side: Side, _ quantity: Quantity, _ price: Price, _ signalID: String
    ) -> Order {
        let number = numbers.head(.orders) + 1
        let cause = Stream.riskDecisions.id(numbers.head(.riskDecisions) + 1)
        return Order(
            envelope: numbers.next(.orders, cause: cause, trace: signalID),
            orderID: Stream.orders.id(number), clientID: "cdb-\(number)", symbol: symbol,
            side: side, quantity: quantity, price: price,
            stopLossPct: Ratio(raw: 20_000_000_000_000_000), signalID: signalID, timestamp: now)
    }

    private mutating func account(cause: String?, trace: String?) -> Account {
        Account(
            envelope: numbers.next(.account, cause: cause, trace: trace),
            equity: portfolio.equity, cash: portfolio.cash, exposure: portfolio.gross,
            inFlight: .zero, realizedToday: portfolio.realizedToday,
            unrealized: portfolio.unrealized, dailyPnL: .zero, drawdownPct: .zero,
            dayStartEquity: Money(10_000),
            positions: portfolio.positions.map { position in
                Account.Position(
                    symbol: position.symbol, quantity: position.quantity,
                    averageEntryPrice: Price(1), lastPrice: position.lastPrice,
                    unrealized: position.unrealized)
            },
            trading: "ACTIVE", timestamp: now)
    }

    private mutating func alert(cause: String, trace: String) -> Alert {
        Alert(
            envelope: numbers.next(.alertsRisk, cause: cause, trace: trace), level: .warning,
            code: "EXECUTION_ERROR", message: "an order was rejected",
            context: .object([Value.Member("symbol", .text("BTC_USDT"))]), source: .risk,
            timestamp: now)
    }
}
