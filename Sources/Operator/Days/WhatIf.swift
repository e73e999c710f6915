import CoreModels
import DecisionCores

/// `cdb whatif`: recorded days twice, as configured and with a change, side by side.
struct WhatIf {
    /// What one of the two runs came to.
    struct Outcome {
        var signals = 0
        var approved = 0
        var rejected = 0
        var fills = 0
        var fees = Money.zero
        var equity: (first: Money, last: Money)

        var pnl: Money { equity.last - equity.first }

        mutating func take(_ events: [Event]) {
            for event in events {
                switch event {
                case .signal: signals += 1
                case .riskDecision(let decision):
                    switch decision.verdict {
                    case .approved, .trimmed: approved += 1
                    case .rejected: rejected += 1
                    }
                case .orderResult(let result):
                    if result.filledQuantity.isPositive { fills += 1 }
                    fees += result.fee
                case .order, .account, .alert: break
                }
            }
        }

        var value: Value {
            .object([
                .init("signals", .integer(Int64(signals))),
                .init("approved", .integer(Int64(approved))),
                .init("rejected", .integer(Int64(rejected))),
                .init("fills", .integer(Int64(fills))), .init("fees", .number(fees)),
                .init("equity", .number(equity.last)), .init("pnl", .number(pnl)),
            ])
        }
    }

    /// Changed decisions shown to people; `--json` has all.
    private static let shown = 40

    private var days: RecordedDays
    private var line: ProgressLine

    init(_ days: RecordedDays, _ console: Console) {
        self.days = days
        line = ProgressLine(console)
    }

    mutating func run() throws -> Report {
        guard let cores = days.changed else {
            preconditionFailure("a what-if needs the cores with the change")
        }
        var configured = ClosedLoop(days, days.cores)
        var other = ClosedLoop(days, cores)
        var outcomes = [configured, other].map {
            Outcome(equity: ($0.pipeline.risk.equity, $0.pipeline.risk.equity))
        }
        var changes: [ChangedDecision] = []
        while let message = try days.next() {
            let events = [configured.see(message), other.see(message)]
            line.show("\(days.messages) market_data, \(message.time.text)")
            guard !events[0].isEmpty || !events[1].isEmpty else { continue }
            for place in outcomes.indices { outcomes[place].take(events[place]) }
            changes += ChangedDecision.all(events[0], events[1])
        }
        line.end()
        outcomes[0].equity.last = configured.pipeline.risk.equity
        outcomes[1].equity.last = other.pipeline.risk.equity
        return report(outcomes[0], outcomes[1], changes)
    }

    private func report(
        _ configured: Outcome, _ other: Outcome, _ changes: [ChangedDecision]
    ) -> Report {
        let difference = other.pnl - configured.pnl
        let last = days.stretch.accounts.last { $0.timestamp <= days.end }
        let decided = days.stretch.decisions.count { $0.timestamp <= days.end }
        var lines = [
            "\(days.stretch.from.text) to \(days.end.text): \(days.messages) market_data of the "
                + "recording, every answer given at once"
        ]
        lines += days.holes.map(\.text) + days.notes
        lines += changes.prefix(Self.shown).map(\.text)
        if changes.count > Self.shown {
            lines.append("… and \(changes.count - Self.shown) more (--json has all)")
        }
        lines += [
            "decisions that would change: \(changes.count)",
            row("", "as configured", "with the change"),
            row("signals", "\(configured.signals)", "\(other.signals)"),
            row("approved", "\(configured.approved)", "\(other.approved)"),
            row("rejected", "\(configured.rejected)", "\(other.rejected)"),
            row("fills", "\(configured.fills)", "\(other.fills)"),
            row("fees", configured.fees.cents, other.fees.cents),
            row("PnL", configured.pnl.cents, other.pnl.cents),
            "difference in PnL: \(difference.cents) USDT",
        ]
        if let last {
            lines.append(
                "production had \(decided) decisions and ended at an equity of "
                    + "\(last.equity.cents); as configured it is \(configured.equity.last.cents)")
        }
        return Report(
            lines,
            [
                .init("from", .time(days.stretch.from)), .init("to", .time(days.end)),
                .init("messages", .integer(Int64(days.messages))),
                .init("configured", configured.value), .init("changed", other.value),
                .init("pnl_difference", .number(difference)),
                .init("changes", .list(changes.map(\.value))),
                .init("production_equity", .number(last?.equity)),
                .init("holes", .list(days.holes.map(\.value))),
                .init("notes", .list(days.notes.map { .text($0) })),
            ])
    }

    private func row(_ name: String, _ left: String, _ right: String) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(1, width - text.count)) + text
        }
        return "  \(name)" + padded(left, 24 - name.count) + padded(right, 18)
    }
}
