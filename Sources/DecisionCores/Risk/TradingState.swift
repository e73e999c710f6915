public import CoreModels

/// Whether new orders may leave: `ACTIVE`; `PAUSED` for a set of reasons, each with its own end; or
/// `HALTED` until an operator releases it.
public struct TradingState: Equatable, Sendable {
    public enum Name: String, Sendable, CaseIterable {
        case active = "ACTIVE"
        case paused = "PAUSED"
        case halted = "HALTED"
    }

    public struct Halt: Equatable, Sendable {
        /// `DRAWDOWN`, `EXPOSURE`, `CIRCUIT_BREAKER`, `UNKNOWN_ORDER_RESULT`, `OVERFLOW` or
        /// `MANUAL: ` and the operator's words.
        public internal(set) var reason: String
        public internal(set) var since: Timestamp
        /// The kill switch without flatten: nothing leaves any more, exits included.
        public internal(set) var isFrozen = false
    }

    public internal(set) var halt: Halt?
    /// Why all positions are being sold; nil when they are not.
    public internal(set) var flatten: Order.Reason?
    /// The day's loss limit was breached and acted upon.
    var drawdownActed = false
    /// No market_data of any symbol came for too long.
    var isSilent = false
    var silenceAnnounced = false
    /// When the latest silence of all ended: a held symbol's own silence counts from there.
    var feedReturned: Timestamp?
    /// A fill's slippage tripped the breaker; ends at the retry.
    var slippageRetry: Timestamp?
    /// The exchange was unreachable when it tripped the breaker, or at the last retry.
    var exchangeRetry: Timestamp?
    var exchangeRetries = 0
    var isExchangeReachable = true
    /// When the present state began; nil when it was never another.
    public internal(set) var since: Timestamp?

    public var name: Name {
        if halt != nil { return .halted }
        return pauseReasons.isEmpty ? .active : .paused
    }

    public var isFrozen: Bool { halt?.isFrozen ?? false }

    /// The circuit breaker holds all trading.
    public var isBreakerActive: Bool { slippageRetry != nil || exchangeRetry != nil }

    /// In a fixed order; empty while halted.
    public var pauseReasons: [String] {
        guard halt == nil else { return [] }
        var reasons: [String] = []
        if isSilent { reasons.append("DATA_STALE") }
        if slippageRetry != nil { reasons.append("CIRCUIT_BREAKER_SLIPPAGE") }
        if exchangeRetry != nil { reasons.append("CIRCUIT_BREAKER_EXCHANGE") }
        return reasons
    }

    /// The reason as one text; nil when active.
    public var reason: String? {
        if let halt { return halt.reason }
        let reasons = pauseReasons
        return reasons.isEmpty ? nil : reasons.joined(separator: ",")
    }

    /// A halt ends every pause: conditions that still hold pause again after the release.
    mutating func enterHalt(_ reason: String, frozen: Bool = false, at now: Timestamp) {
        halt = Halt(reason: reason, since: halt?.since ?? now, isFrozen: frozen)
        endPauses()
    }

    mutating func leaveHalt() {
        halt = nil
        flatten = nil
        drawdownActed = false
        endPauses()
    }

    private mutating func endPauses() {
        isSilent = false
        slippageRetry = nil
        exchangeRetry = nil
        exchangeRetries = 0
    }
}

extension TradingState {
    var value: Value {
        .object([
            .init("halted", .flag(halt != nil)), .init("reason", .text(halt?.reason)),
            .init("halted_since", halt.map { .time($0.since) } ?? .null),
            .init("frozen", .flag(isFrozen)), .init("flatten", .text(flatten?.rawValue)),
            .init("drawdown_acted", .flag(drawdownActed)), .init("silent", .flag(isSilent)),
            .init("silence_announced", .flag(silenceAnnounced)),
            .init("feed_returned", feedReturned.map { .time($0) } ?? .null),
            .init("slippage_retry", slippageRetry.map { .time($0) } ?? .null),
            .init("exchange_retry", exchangeRetry.map { .time($0) } ?? .null),
            .init("exchange_retries", .integer(Int64(exchangeRetries))),
            .init("exchange_reachable", .flag(isExchangeReachable)),
            .init("since", since.map { .time($0) } ?? .null),
        ])
    }

    init?(_ value: Value) {
        guard let halted = value["halted"].flag, let frozen = value["frozen"].flag,
            let acted = value["drawdown_acted"].flag, let silent = value["silent"].flag,
            let announced = value["silence_announced"].flag,
            let retries = value["exchange_retries"].integer,
            let reachable = value["exchange_reachable"].flag
        else { return nil }
        if halted {
            guard let reason = value["reason"].text, let since = value["halted_since"].time
            else { return nil }
            halt = Halt(reason: reason, since: since, isFrozen: frozen)
        }
        flatten = value["flatten"].text.flatMap(Order.Reason.init(rawValue:))
        drawdownActed = acted
        isSilent = silent
        silenceAnnounced = announced
        feedReturned = value["feed_returned"].time
        slippageRetry = value["slippage_retry"].time
        exchangeRetry = value["exchange_retry"].time
        exchangeRetries = Int(retries)
        isExchangeReachable = reachable
        since = value["since"].time
    }
}
