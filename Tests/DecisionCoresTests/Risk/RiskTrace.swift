import CoreModels
import DecisionCores
import Testing

/// A core with an exchange played by hand: what the tests of the risk engine speak.
struct RiskTrace {
    var core: RiskCore
    var now: Timestamp
    private(set) var last: [Event] = []
    private var results: Int64 = 0
    private var signals: Int64 = 0

    /// 2023-11-15 00:00 UTC plus some hours: far from midnight.
    static let start = Timestamp(milliseconds: 1_700_006_400_000)
    static let bitcoin = symbol("BTC_USDT")

    init(_ change: (inout RiskLimits) -> Void = { _ in }) {
        var limits = RiskLimits.default
        limits.paperFeeBps = .zero
        limits.paperSlippageBps = .zero
        limits.paperSpreadBps = .zero
        change(&limits)
        core = RiskCore(limits: limits)
        now = Self.start
    }

    @discardableResult
    mutating func feed(_ fact: Fact) -> [Event] {
        last = []
        core.handle(fact, at: now, into: &last)
        return last
    }

    @discardableResult
    mutating func market(
        _ price: String, _ symbol: Symbol = Self.bitcoin, bid: String? = nil, ask: String? = nil,
        ahead: Int64 = 0
    ) -> [Event] {
        feed(
            .marketData(
                MarketData(
                    symbol: symbol, timestamp: now.advanced(by: ahead), price: number(price),
                    bid: bid.map { number($0) }, ask: ask.map { number($0) },
                    volume: Money(1_000_000), pctChange: Ratio(5))))
    }

    @discardableResult
    mutating func signal(
        _ side: Side, _ symbol: Symbol = Self.bitcoin, confidence: String = "1", size: String? = nil
    ) -> [Event] {
        signals += 1
        return feed(
            .signal(
                Signal(
                    envelope: Envelope(sequence: signals, id: Stream.signals.id(signals)),
                    symbol: symbol, side: side, confidence: number(confidence), timestamp: now,
                    price: number("1"), size: size.map { number($0) })))
    }

    @discardableResult
    mutating func fill(
        _ side: Side, _ quantity: String, _ price: String, _ symbol: Symbol = Self.bitcoin,
        fee: String = "0"
    ) -> [Event] {
        feed(
            .fill(
                HandFill(
                    symbol: symbol, side: side, quantity: number(quantity), price: number(price),
                    fee: number(fee))))
    }

    /// The exchange answers an order; by default it fills it at its reference price.
    @discardableResult
    mutating func answer(
        _ order: Order, _ status: OrderResult.Status = .filled, quantity: Quantity? = nil,
        price: String? = nil, slippageBps: String? = nil, id: String? = nil
    ) -> [Event] {
        results += 1
        let isFill = status == .filled || status == .partiallyFilled
        return feed(
            .orderResult(
                OrderResult(
                    envelope: Envelope(sequence: results, id: Stream.orderResults.id(results)),
                    orderID: id ?? order.orderID, clientID: order.clientID, status: status,
                    symbol: order.symbol, side: order.side, quantity: order.quantity,
                    filledQuantity: quantity ?? (isFill ? order.quantity : .zero),
                    price: price.map { number($0) } ?? order.price,
                    slippageBps: slippageBps.map { number($0) }, timestamp: now)))
    }

    mutating func wait(_ milliseconds: Int64) { now = now.advanced(by: milliseconds) }

    @discardableResult
    mutating func clock(after milliseconds: Int64 = 0) -> [Event] {
        wait(milliseconds)
        return feed(.clock)
    }

    var orders: [Order] { last.orders }
    var decision: RiskDecision? { last.decisions.first }
    var alerts: [Alert] { last.alerts }
}

extension [Event] {
    var orders: [Order] { compactMap { if case .order(let order) = $0 { order } else { nil } } }
    var decisions: [RiskDecision] {
        compactMap { if case .riskDecision(let decision) = $0 { decision } else { nil } }
    }
    var alerts: [Alert] { compactMap { if case .alert(let alert) = $0 { alert } else { nil } } }
    var accounts: [Account] {
        compactMap { if case .account(let account) = $0 { account } else { nil } }
    }
}

/// A literal of a test in any unit; a wrong one stops the test run.
func number<Unit>(_ text: String) -> Fixed<Unit> {
    guard let value = Fixed<Unit>(text) else { preconditionFailure("\(text) is no number") }
    return value
}

func symbol(_ text: String) -> Symbol {
    guard let symbol = Symbol(text) else { preconditionFailure("\(text) is no symbol") }
    return symbol
}
