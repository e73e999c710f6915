import CoreModels
import DecisionCores

/// Where the books stood at a moment, from the ledger alone: every fill before it booked again, and
/// what the last account and the alerts say of the day and of trading.
struct LedgerBooks {
    let stretch: LedgerStretch
    let limits: RiskLimits
    private(set) var portfolio: PortfolioCore
    /// What execution had filled: quantities by symbol.
    private(set) var filled: [Symbol: Quantity] = [:]
    /// The last fill of each symbol that risk had booked.
    private var lastFills: [Symbol: OrderResult] = [:]
    /// When a result was booked, by its id; of the newest ones.
    private var booked: [String: Timestamp] = [:]
    /// Orders whose result risk had not handled, in order.
    private(set) var inFlight: [Order] = []
    /// The last account before the moment; nil at the beginning of the ledger.
    private(set) var account: Account?
    /// The last account that a new minute led to.
    private(set) var minuteAccount: Account?
    private(set) var trading: TradingStory

    init(_ reader: LedgerReader, _ stretch: LedgerStretch, _ limits: RiskLimits) throws {
        self.stretch = stretch
        self.limits = limits
        portfolio = PortfolioCore(cash: limits.initialCapital)
        trading = TradingStory(limits)
        try bookFills(reader)
        inFlight = try reader.openOrders(
            through: stretch.head(.orders), answeredBelow: stretch.firstResult
        ).compactMap { if case .order(let order) = $0.event { order } else { nil } }
        try findAccounts(reader)
        try reader.forEach(.alertsRisk, after: 0, through: stretch.head(.alertsRisk)) {
            if case .alert(let alert) = $0.event { trading.take(alert) }
        }
        trading.settle(account, at: stretch.from)
    }

    private mutating func bookFills(_ reader: LedgerReader) throws {
        try reader.forEach(.orderResults, after: 0, through: stretch.head(.orderResults)) {
            guard case .orderResult(let result) = $0.event, result.filledQuantity.isPositive,
                let price = result.price
            else { return }
            let signed = result.side == .buy ? result.filledQuantity : -result.filledQuantity
            filled[result.symbol, default: .zero] += signed
            guard result.envelope.sequence < stretch.firstResult else { return }
            lastFills[result.symbol] = result
            _ = portfolio.book(
                result.symbol, result.side, quantity: result.filledQuantity, price: price,
                fee: result.fee)
        }
    }

    /// The last account is near the head; that of a minute not far before it.
    private mutating func findAccounts(_ reader: LedgerReader) throws {
        let head = stretch.head(.account)
        try reader.forEach(.account, after: max(0, head - 1_000), through: head) {
            guard case .account(let event) = $0.event else { return }
            account = event
            if let cause = event.envelope.cause { booked[cause] = event.timestamp }
            if event.envelope.cause == nil { minuteAccount = event }
        }
    }

    // MARK: Into the cores

    /// Cores that have seen the market before the moment, with these books.
    func applied(to standing: StandingCores) -> StandingCores {
        guard !stretch.beginsTheLedger else { return standing }
        var cores = standing
        restore(
            &cores.signal, "streams",
            [
                .init("signals", .integer(stretch.head(.signals))),
                .init("alerts", .integer(stretch.head(.alertsCore))), .init("last_signal", .null),
            ])
        applyAccount(to: &cores.risk)
        applyOrders(to: &cores.risk)
        applyFills(to: &cores.execution)
        return cores
    }

    private func applyAccount(to core: inout RiskCore) {
        restore(
            &core, "numbers",
            [CoreModels.Stream.riskDecisions, .orders, .account, .alertsRisk].map {
                .init($0.rawValue, .integer(stretch.head($0)))
            })
        restore(
            &core, "account",
            [
                .init("cash", .number(portfolio.cash)),
                .init("realized", .number(portfolio.realized)),
                .init("fees", .number(portfolio.fees)),
                .init("realized_today", .number(account?.realizedToday ?? .zero)),
            ])
        let seen = core.state(of: "day") ?? .null
        let minute = minuteAccount.map { ($0.timestamp.milliseconds + Self.skew) / 60_000 }
        restore(
            &core, "day",
            [
                .init(
                    "start",
                    seen["start"].time.map { .time($0) }
                        ?? account.map { .time($0.timestamp.startOfDay) } ?? .null),
                .init(
                    "start_equity",
                    .number(account?.dayStartEquity ?? core.limits.initialCapital)),
                .init("minute", minute.map { .integer($0) } ?? seen["minute"]),
                .init("first_input", seen["first_input"]),
            ])
        if case .object(let members) = trading.value { restore(&core, "trading", members) }
        for symbol in lastFills.keys.sorted() { markFill(of: symbol, in: &core) }
        for position in portfolio.positions {
            restore(
                &core, "position:\(position.symbol)",
                [
                    .init("quantity", .number(position.quantity)),
                    .init("cost", .number(position.cost)),
                ])
        }
    }

    /// A fill's price is the symbol's last one until the next market_data.
    private func markFill(of symbol: Symbol, in core: inout RiskCore) {
        let key = "mark:\(symbol)"
        let seen = core.state(of: key) ?? .null
        guard let fill = lastFills[symbol], let price = fill.price else { return }
        let isNewer = booked[fill.envelope.id].flatMap { time in
            seen["receipt"].time.map { time >= $0 }
        }
        guard isNewer ?? (seen == .null) else { return }
        let held = account?.positions.first { $0.symbol == symbol }?.lastPrice
        let last = seen == .null ? held ?? price : price
        restore(
            &core, key,
            [.init("price", .number(last))]
                + (seen.members?.filter { $0.name != "price" } ?? []))
    }

    /// The exchange's clock may be ahead of ours by this, in milliseconds.
    private static let skew: Int64 = 2_000

    private func applyOrders(to core: inout RiskCore) {
        for order in inFlight {
            let notional = order.price?.times(order.quantity, .awayFromZero) ?? .zero
            let cash = order.side == .buy ? core.limits.cashNeeded(notional) ?? notional : .zero
            restore(
                &core, "inflight:\(order.orderID)",
                [
                    .init("seq", .integer(order.envelope.sequence)),
                    .init("symbol", .symbol(order.symbol)),
                    .init("side", .text(order.side.rawValue)),
                    .init("quantity", .number(order.quantity)),
                    .init("notional", .number(notional)), .init("cash", .number(cash)),
                    .init("reduce_only", .flag(order.reduceOnly)),
                    .init("reason", .text(order.reason.rawValue)),
                    .init("trace", .text(order.envelope.trace)),
                    .init("sent", .time(order.timestamp)),
                ])
        }
    }

    private func applyFills(to core: inout ExecutionCore) {
        var members = core.state(of: "streams")?.members ?? []
        members.removeAll { $0.name == "order_results" }
        members.append(.init("order_results", .integer(stretch.head(.orderResults))))
        restore(&core, "streams", members)
        for symbol in filled.keys.sorted() {
            restore(
                &core, "position:\(symbol)",
                [
                    .init("quantity", .number(filled[symbol] ?? .zero)),
                    .init("cost", .integer(0)), .init("opened_at", .null),
                    .init("realized", .integer(0)), .init("buys", .integer(0)),
                    .init("sells", .integer(0)), .init("received", .integer(0)),
                ])
        }
    }

    private func restore(
        _ core: inout some DecisionCore, _ key: String, _ members: [Value.Member]
    ) {
        let isUnderstood = core.restore(key, .object(members))
        precondition(isUnderstood, "a core does not understand its state under \(key)")
    }
}
