public import CoreModels

/// The numbers for which a release is refused: the day's loss is still at its limit.
public struct ReleaseRefusal: Equatable, Sendable {
    public let dailyPnL: Money
    /// Negative: the loss at which trading halts.
    public let limit: Money
    public let equity: Money
    public let dayStartEquity: Money
}

extension RiskCore {
    /// Why a release without `rebase` would be refused at this moment; nil when it would not.
    public func releaseRefusal(at now: Timestamp) -> ReleaseRefusal? {
        guard trading.halt != nil, dailyPnL <= -day.lossLimit else { return nil }
        return ReleaseRefusal(
            dailyPnL: dailyPnL, limit: -day.lossLimit, equity: equity,
            dayStartEquity: day.startEquity)
    }

    /// The kill switch. Without `flatten` nothing leaves any more, exits included.
    mutating func stop(
        flatten: Bool, reason: String, at now: Timestamp, into events: inout [Event]
    ) {
        changeTrading(at: now) {
            $0.enterHalt("MANUAL: \(reason)", frozen: !flatten, at: now)
            $0.flatten = flatten ? .flattenManual : nil
        }
        let effect =
            flatten
            ? "every position is sold."
            : "nothing leaves any more, stop-losses included."
        raise(
            AlertDraft(
                .critical, "HALTED", "Halted by an operator (\(reason)): \(effect)",
                [.init("reason", .text(reason)), .init("flatten", .flag(flatten))]),
            cause: nil, trace: nil, at: now, into: &events)
        flattenAll(at: now, into: &events)
    }

    mutating func release(
        reason: String, rebase: Bool, at now: Timestamp, into events: inout [Event]
    ) {
        if !rebase, let refusal = releaseRefusal(at: now) {
            return raise(
                AlertDraft(
                    .warning, "RELEASE_REFUSED",
                    "Release refused (\(reason)): the day's loss is still at its limit. Wait for "
                        + "the next day or ask for rebase.",
                    [
                        .init("reason", .text(reason)),
                        .init("daily_pnl", .number(refusal.dailyPnL)),
                        .init("limit", .number(refusal.limit)),
                    ]),
                cause: nil, trace: nil, at: now, into: &events)
        }
        let wasHalted = trading.halt != nil
        if wasHalted {
            if rebase {
                day.begin(at: day.start, equity: equity, limits)
                changes.mark(.day)
            }
            changeTrading(at: now) { $0.leaveHalt() }
        }
        raise(
            AlertDraft(
                .warning, "RELEASED",
                wasHalted
                    ? "Released by an operator (\(reason))."
                    : "A release was asked for (\(reason)), but nothing was halted.",
                [
                    .init("reason", .text(reason)), .init("rebase", .flag(rebase)),
                    .init("day_start_equity", .number(day.startEquity)),
                ]),
            cause: nil, trace: nil, at: now, into: &events)
    }
}
