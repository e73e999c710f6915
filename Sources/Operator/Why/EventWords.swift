import CoreModels
import WireFormats

/// An event in words and numbers: what it is, and why.
struct EventWords {
    let lines: [String]

    init(_ event: Event) {
        switch event {
        case .signal(let signal): lines = Self.words(signal)
        case .riskDecision(let decision): lines = Self.words(decision)
        case .order(let order): lines = Self.words(order)
        case .orderResult(let result): lines = Self.words(result)
        case .account(let account): lines = Self.words(account)
        case .alert(let alert):
            lines = [
                Self.start(event) + "\(alert.level.rawValue) \(alert.code): \(alert.message)"
            ]
        }
    }

    private static func start(_ event: Event) -> String {
        "\(event.timestamp.text)  \(event.envelope.id)  "
    }

    private static func words(_ signal: Signal) -> [String] {
        let origin =
            signal.market.map { "message \($0.sequence) of \($0.feed)" } ?? "made by hand"
        let price = signal.price.map { " at \($0)" } ?? ""
        return [
            start(.signal(signal))
                + "\(signal.side.rawValue) \(signal.symbol)\(price), confidence \(signal.confidence)",
            "    because: \(signal.reason)", "    from: \(origin)",
        ]
    }

    private static func words(_ decision: RiskDecision) -> [String] {
        let amount = "\(decision.quantity) = \(decision.notional.cents) USDT"
        let price = decision.price.map { " at \($0)" } ?? ""
        let verdict: String
        switch decision.verdict {
        case .approved: verdict = "APPROVED \(amount)\(price)"
        case .trimmed:
            verdict = "TRIMMED to \(amount)\(price) by layer \(decision.layer ?? 0)"
        case .rejected:
            let layer = decision.layer.map { " by layer \($0)" } ?? ""
            verdict = "REJECTED\(layer), \(decision.code.rawValue)"
        }
        let state = decision.state
        return [
            start(.riskDecision(decision))
                + "\(decision.side.rawValue) \(decision.symbol): \(verdict)"
        ]
            + (isExit(decision)
                ? ["    closes or shrinks a position: every layer lets it pass"]
                : decision.checks.map { "    " + Condition($0, of: decision).text })
            + [
                "    then: equity \(state.equity.cents), today \(state.dailyPnL.cents), exposure "
                    + "\(state.exposure.cents), in flight \(state.inFlight.cents), \(state.trading)"
            ]
    }

    private static func isExit(_ decision: RiskDecision) -> Bool {
        !decision.checks.isEmpty
            && decision.checks.allSatisfy { $0.value == .text("reduce_only") }
    }

    private static func words(_ order: Order) -> [String] {
        let stop = order.stopLossPrice.map { ", stop-loss at \($0)" } ?? ""
        let exit = order.reduceOnly ? ", reduce-only" : ""
        let price = order.price.map { " at about \($0)" } ?? ""
        return [
            start(.order(order))
                + "\(order.side.rawValue) \(order.quantity) \(order.symbol)\(price), "
                + "\(order.reason.rawValue)\(exit)\(stop)"
        ]
    }

    private static func words(_ result: OrderResult) -> [String] {
        var lines = [
            start(.orderResult(result))
                + "\(result.status.rawValue) \(result.filledQuantity) of \(result.quantity) "
                + "\(result.symbol)" + (result.price.map { " at \($0)" } ?? "")
        ]
        if let reference = result.referencePrice {
            let slippage = result.slippageBps.map { ", \($0) basis points worse" } ?? ""
            lines.append("    the quote was \(reference)\(slippage); fee \(result.fee)")
        }
        if let code = result.errorCode {
            lines.append("    \(code): \(result.errorMessage ?? "no message")")
        }
        return lines
    }

    private static func words(_ account: Account) -> [String] {
        [
            start(.account(account))
                + "equity \(account.equity.cents), cash \(account.cash.cents), today "
                + "\(account.dailyPnL.cents), \(account.positions.count) positions, "
                + account.trading
        ]
            + account.positions.map {
                "    holds \($0.quantity) \($0.symbol) bought at \($0.averageEntryPrice), now "
                    + "\($0.lastPrice): \($0.unrealized.cents)"
            }
    }
}
