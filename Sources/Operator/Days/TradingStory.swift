import CoreModels
import DecisionCores

/// How the state of trading came to be, told by cdb_risk's alerts: the state itself is only stored
/// as it is now.
struct TradingStory {
    private let limits: RiskLimits
    private var halt: (reason: String, since: Timestamp, isFrozen: Bool)?
    private var flatten: Order.Reason?
    /// The day whose loss limit was acted upon.
    private var drawdownDay: Timestamp?
    private var slippageRetry: Timestamp?
    /// Since when the exchange is away.
    private(set) var awaySince: Timestamp?
    private var exchangeRetry: Timestamp?
    private var moment = Timestamp(milliseconds: 0)

    init(_ limits: RiskLimits) { self.limits = limits }

    mutating func take(_ alert: Alert) {
        let time = alert.timestamp
        switch (alert.code, alert.level) {
        case ("HALTED", _):
            let words = alert.context["reason"].text ?? ""
            let sells = alert.context["flatten"].flag ?? false
            halt(for: "MANUAL: \(words)", at: time, frozen: !sells)
            flatten = sells ? .flattenManual : nil
        case ("RELEASED", _):
            halt = nil
            flatten = nil
            drawdownDay = nil
        case (RefusalReason.riskLimit.rawValue, .critical):
            guard alert.context["daily_pnl"] != .null else {
                return halt(for: "EXPOSURE", at: time)
            }
            drawdownDay = time.startOfDay
            guard halt?.isFrozen != true else { return }
            halt(for: "DRAWDOWN", at: time)
            flatten = flatten ?? .flattenDrawdown
        case (RefusalReason.circuitBreaker.rawValue, .critical):
            halt(for: "CIRCUIT_BREAKER", at: time)
        case ("UNKNOWN_ORDER_RESULT", _): if halt == nil { halt(for: alert.code, at: time) }
        case (RefusalReason.overflow.rawValue, .critical):
            if halt == nil { halt(for: alert.code, at: time) }
        case (RefusalReason.circuitBreaker.rawValue, .warning): takeBreaker(alert)
        default: break
        }
    }

    private mutating func takeBreaker(_ alert: Alert) {
        if alert.context["slippage_bps"] != .null {
            slippageRetry = alert.timestamp.advanced(by: limits.breakerRetryAfter)
        } else if alert.isOutage {
            awaySince = alert.timestamp
        }
    }

    private mutating func halt(for reason: String, at time: Timestamp, frozen: Bool = false) {
        halt = (reason, halt?.since ?? time, frozen)
        slippageRetry = nil
        awaySince = nil
    }

    /// What has ended until `moment`: a pause ends by itself, and the last account tells.
    mutating func settle(_ account: Account?, at moment: Timestamp) {
        self.moment = moment
        if let retry = slippageRetry, retry <= moment { slippageRetry = nil }
        if let since = awaySince, let account, account.timestamp > since,
            account.trading == TradingState.Name.active.rawValue
        {
            awaySince = nil
        }
        guard let since = awaySince else { return }
        let retries = moment.since(since) / limits.breakerRetryAfter + 1
        exchangeRetry = since.advanced(by: retries * limits.breakerRetryAfter)
    }

    /// As the engine stores it.
    var value: Value {
        let acted = drawdownDay.map { $0 == moment.startOfDay } ?? false
        let retries = awaySince.map { moment.since($0) / limits.breakerRetryAfter } ?? 0
        return .object([
            .init("halted", .flag(halt != nil)), .init("reason", .text(halt?.reason)),
            .init("halted_since", halt.map { .time($0.since) } ?? .null),
            .init("frozen", .flag(halt?.isFrozen ?? false)),
            .init("flatten", .text(flatten?.rawValue)), .init("drawdown_acted", .flag(acted)),
            .init("silent", .flag(false)), .init("silence_announced", .flag(false)),
            .init("feed_returned", .null),
            .init("slippage_retry", slippageRetry.map { .time($0) } ?? .null),
            .init("exchange_retry", exchangeRetry.map { .time($0) } ?? .null),
            .init("exchange_retries", .integer(retries)),
            .init("exchange_reachable", .flag(awaySince == nil)), .init("since", .null),
        ])
    }
}

extension Alert {
    /// The exchange could not be reached.
    var isOutage: Bool {
        code == RefusalReason.circuitBreaker.rawValue && level == .warning
            && context.members?.map(\.name) == ["code"]
    }
}
