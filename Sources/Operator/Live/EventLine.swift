import CoreModels
import WireFormats

/// An event in one line, as the live view of `cdb up` shows it.
struct EventLine: Equatable {
    enum Tone: Equatable { case plain, good, bad, quiet }

    let text: String
    let tone: Tone

    /// Nil for what another event's line tells already.
    init?(_ event: Event) {
        switch event {
        case .signal(let signal):
            self.init(
                signal.timestamp, "signal", signal.symbol, signal.side,
                "confidence \(signal.confidence), \(signal.reason)", .plain)
        case .riskDecision(let decision):
            self.init(decision)
        case .order:
            return nil
        case .orderResult(let result):
            self.init(result)
        case .account(let account):
            self.init(
                text: Self.start(account.timestamp, "account")
                    + "equity \(account.equity.cents), today \(account.dailyPnL.cents), "
                    + "exposure \(account.exposure.cents), \(account.positions.count) positions, "
                    + account.trading,
                tone: .quiet)
        case .alert(let alert):
            self.init(
                text: Self.start(alert.timestamp, "alert")
                    + "\(alert.level.rawValue) \(alert.code): \(alert.message)",
                tone: alert.level == .info ? .plain : .bad)
        }
    }

    private init(_ decision: RiskDecision) {
        let verdict = decision.verdict.rawValue
        let amount = "\(decision.quantity) = \(decision.notional.cents) USDT"
        switch decision.verdict {
        case .approved:
            self.init(
                decision.timestamp, "decision", decision.symbol, decision.side,
                "\(verdict) \(amount)", .good)
        case .trimmed:
            self.init(
                decision.timestamp, "decision", decision.symbol, decision.side,
                "\(verdict) to \(amount)", .good)
        case .rejected:
            let layer = decision.layer.map { "layer \($0), " } ?? ""
            self.init(
                decision.timestamp, "decision", decision.symbol, decision.side,
                "\(verdict) \(layer)\(decision.code.rawValue)", .quiet)
        }
    }

    private init(_ result: OrderResult) {
        let isFilled = result.filledQuantity.isPositive
        let price = result.price.map { " at \($0)" } ?? ""
        let fill = isFilled ? " \(result.filledQuantity)\(price), fee \(result.fee)" : ""
        let error = result.errorCode.map { " \($0)" } ?? ""
        self.init(
            result.timestamp, "result", result.symbol, result.side,
            result.status.rawValue + fill + error, isFilled ? .good : .bad)
    }

    private init(
        _ time: Timestamp, _ kind: String, _ symbol: Symbol, _ side: Side, _ text: String,
        _ tone: Tone
    ) {
        self.init(
            text: Self.start(time, kind) + "\(symbol) \(side.rawValue) \(text)", tone: tone)
    }

    private init(text: String, tone: Tone) {
        self.text = text
        self.tone = tone
    }

    /// The time of day, UTC, and the kind in a column of its own.
    private static func start(_ time: Timestamp, _ kind: String) -> String {
        let clock = ISO8601.text(time).dropFirst(11).prefix(8)
        return "\(clock) \(kind)" + String(repeating: " ", count: max(1, 9 - kind.count))
    }

    /// With the terminal's colours.
    var coloured: String {
        switch tone {
        case .plain: text
        case .good: "\u{1B}[32m\(text)\u{1B}[0m"
        case .bad: "\u{1B}[33m\(text)\u{1B}[0m"
        case .quiet: "\u{1B}[2m\(text)\u{1B}[0m"
        }
    }
}
