import CoreModels
import DecisionCores

/// Why a symbol was not traded at a moment: the conditions of a signal at the last market data before
/// it, then those of the risk engine, in their order.
struct MissedTrade {
    let symbol: Symbol
    let time: Timestamp
    let settings: SignalSettings
    /// The last message of the symbol up to `time`; nil without a recording of it.
    private(set) var market: RecordedStretch.Message?
    /// The side the change pointed to.
    private(set) var side = Side.buy
    private(set) var conditions: [Condition] = []
    /// The newest signal that counts: the one of that message, or the one the cooldown is about.
    private(set) var signal: Signal?
    private(set) var decision: RiskDecision?

    init(_ symbol: Symbol, at time: Timestamp, _ settings: SignalSettings) {
        self.symbol = symbol
        self.time = time
        self.settings = settings
    }

    /// From the recording and the signals of the symbol before `time`, the oldest first.
    mutating func judge(_ messages: [RecordedStretch.Message], _ signals: [Signal]) {
        guard let last = messages.last else { return }
        market = last
        let data = last.data
        side = data.pctChange.isNegative ? .sell : .buy
        conditions.append(
            Condition(
                "threshold", "percent of change in \(data.interval), up or down",
                value: .number(data.pctChange), limit: .number(settings.thresholdPct),
                missing: settings.thresholdPct - data.pctChange.magnitude))
        conditions.append(
            Condition(
                "volume", "turnover in \(data.interval)", value: .number(data.volume),
                limit: .number(settings.minVolume),
                missing: Ratio(raw: (settings.minVolume - data.volume).raw)))
        signal = signals.last { $0.market == data.reference && $0.market != nil }
        conditions.append(cooldown(messages, signals))
    }

    /// No second signal of a side for less than the cooldown, unless the market calmed in between.
    private mutating func cooldown(
        _ messages: [RecordedStretch.Message], _ signals: [Signal]
    ) -> Condition {
        let whole = Int64(settings.cooldownSec)
        var since: Timestamp?
        var from: Signal?
        for message in messages.dropLast() {
            if message.data.pctChange.magnitude < settings.thresholdPct {
                (since, from) = (nil, nil)
            }
            let left = signals.last {
                $0.side == side && $0.source == .engine && $0.market == message.data.reference
                    && $0.market != nil
            }
            if let left { (since, from) = (message.data.timestamp, left) }
        }
        guard let since, let from, let last = messages.last else {
            return Condition(
                "cooldown", "seconds since the last \(side.rawValue)", value: .null,
                limit: .integer(whole), missing: .zero)
        }
        let passed = last.data.timestamp.since(since)
        let rest = whole * 1000 - passed
        if rest > 0, signal == nil { signal = from }
        return Condition(
            "cooldown", "seconds since \(from.envelope.id)",
            value: .number(Self.seconds(passed)), limit: .integer(whole),
            missing: Self.seconds(rest))
    }

    private static func seconds(_ milliseconds: Int64) -> Ratio {
        Ratio(raw: Int128(milliseconds) * FixedArithmetic.one / 1000)
    }

    /// Without a recording the newest signal shortly before is all there is.
    mutating func take(_ newest: Signal?) { signal = signal ?? newest }

    /// What the risk engine made of the signal.
    mutating func take(_ decision: RiskDecision?) {
        self.decision = decision
        guard let decision, failed == nil else { return }
        conditions += decision.checks.filter { $0.value != .text("reduce_only") }.map {
            Condition($0, of: decision)
        }
    }

    /// The first that did not hold; a trimmed order is an order.
    var failed: Condition? { conditions.first { $0.outcome == .reject } }

    var isTraded: Bool {
        guard let decision, failed == nil else { return false }
        switch decision.verdict {
        case .approved, .trimmed: return true
        case .rejected: return false
        }
    }

    // MARK: For people

    var lines: [String] {
        var lines: [String] = []
        if let market {
            let data = market.data
            let name = data.reference.map { ", message \($0.sequence) of \($0.feed)" } ?? ""
            lines.append(
                "\(symbol) at \(time.text): price \(data.price), change \(data.pctChange) %, turnover "
                    + "\(data.volume.cents), from \(data.timestamp.text)\(name)")
        } else {
            lines.append("\(symbol) at \(time.text): no recording of that time, the ledger tells")
        }
        lines += conditions.map { "  " + $0.text }
        lines += verdict
        return lines
    }

    private var verdict: [String] {
        let word = signal.map { " (\($0.envelope.id))" } ?? ""
        if isTraded {
            let order = decision?.orderID ?? ""
            return ["there was a trade: \(order)\(word); cdb why \(order) tells its story"]
        }
        guard let failed else {
            return decision.map {
                [
                    "no trade: REJECTED\($0.layer.map { " by layer \($0)" } ?? ""), \($0.code.rawValue)\(word)"
                ]
            } ?? ["no trade: the signal\(word) is not decided yet, or there is none in the ledger"]
        }
        let code = failed.code.map { ", \($0.rawValue)" } ?? ""
        var lines = ["no trade: \(failed.name) failed first\(failed.distance)\(code)\(word)"]
        if let signal, let decision, decision.signalID == signal.envelope.id,
            failed.name == "cooldown"
        {
            let layer = decision.layer.map { " by layer \($0)" } ?? ""
            lines.append(
                "  \(signal.envelope.id) itself was \(decision.verdict.rawValue)\(layer), "
                    + "\(decision.code.rawValue)")
        }
        return lines
    }

    var members: [Value.Member] {
        [
            .init("symbol", .symbol(symbol)), .init("time", .time(time)),
            .init("price", .number(market?.data.price)),
            .init("market_timestamp", market.map { .time($0.data.timestamp) } ?? .null),
            .init("traded", .flag(isTraded)), .init("failed", .text(failed?.name)),
            .init("missing", .number(failed?.missing)),
            .init("conditions", .list(conditions.map(\.member))),
            .init("signal_id", .text(signal?.envelope.id)),
            .init("decision_id", .text(decision?.envelope.id)),
            .init("code", .text(decision?.code.rawValue)),
            .init("layer", decision?.layer.map { .integer(Int64($0)) } ?? .null),
        ]
    }
}
