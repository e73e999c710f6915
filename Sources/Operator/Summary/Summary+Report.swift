import CoreModels
import DecisionCores

extension Summary {
    /// For people.
    func lines(_ paper: PaperSettings) -> [String] {
        var lines = [
            "summary",
            row("signals", "\(signals)"),
            row("decisions", "\(approved) approved, \(trimmed) trimmed, \(rejected) rejected"),
        ]
        lines += rejections.map { refusal in
            let layer = refusal.layer.map { "layer \($0)" } ?? "no layer"
            return row("", "\(refusal.count) rejected by \(layer), \(refusal.code)")
        }
        lines += [
            row("orders", "\(orders)" + Self.list(orderReasons)),
            row("results", "\(results)" + Self.list(resultStatuses)),
            row("fills", "\(fills)"),
            row("stop-losses", "\(stopLosses)"),
            row(
                "trades",
                "\(tradesClosed) closed (\(tradesWon) with a profit), \(tradesOpen) open"),
            row("realised PnL", "\(realized.cents) USDT after fees"),
            row("fees", "\(fees.cents) USDT"),
            row("max drawdown", "\(maximumDrawdownPct.rounded(toDecimals: 3, .nearest)) %"),
            row("final equity", equity.map { "\($0.cents) USDT" } ?? "nothing was traded"),
            row("halts", "\(halts)" + (trading.map { ", trading is \($0)" } ?? "")),
        ]
        if let fingerprint { lines.append(row("sha-256", "\(fingerprint) of these decisions")) }
        lines += proofs.map { proof in
            row(
                proof.holds ? "proved" : "BROKEN", "\(proof.text): \(proof.left) and \(proof.right)"
            )
        }
        return lines + [row("assumptions", Self.assumptions(paper))]
    }

    /// For machines.
    func members(_ paper: PaperSettings) -> [Value.Member] {
        [
            .init("signals", .integer(signals)), .init("decisions", .integer(decisions)),
            .init("approved", .integer(approved)), .init("trimmed", .integer(trimmed)),
            .init("rejected", .integer(rejected)),
            .init("rejections", .list(rejections.map(Self.value))),
            .init("orders", .integer(orders)), .init("order_reasons", Self.object(orderReasons)),
            .init("order_results", .integer(results)),
            .init("result_statuses", Self.object(resultStatuses)),
            .init("fills", .integer(fills)), .init("stop_losses", .integer(stopLosses)),
            .init("trades_closed", .integer(tradesClosed)),
            .init("trades_open", .integer(tradesOpen)), .init("trades_won", .integer(tradesWon)),
            .init("realized_pnl", .number(realized)), .init("fees", .number(fees)),
            .init("max_drawdown_pct", .number(maximumDrawdownPct)),
            .init("equity", .number(equity)), .init("halts", .integer(halts)),
            .init("trading", .text(trading)),
            .init("fingerprint", .text(fingerprint)),
            .init("consistent", .flag(proofs.allSatisfy(\.holds))),
            .init("assumptions", .text(Self.assumptions(paper))),
        ]
    }

    /// What paper results leave out: every summary states it.
    static func assumptions(_ paper: PaperSettings) -> String {
        "no funding, no leverage, no lot sizes, no liquidation, market orders only; "
            + "fee \(paper.feeBps) bps, spread \(paper.spreadBps) bps, "
            + "slippage \(paper.slippageBps) bps"
    }

    private func row(_ name: String, _ text: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 14 - name.count)) + text
    }

    private static func list(_ counts: [Count]) -> String {
        counts.isEmpty
            ? "" : " (" + counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ") + ")"
    }

    private static func value(_ refusal: Refusal) -> Value {
        .object([
            .init("layer", refusal.layer.map { .integer(Int64($0)) } ?? .null),
            .init("code", .text(refusal.code)), .init("count", .integer(refusal.count)),
        ])
    }

    private static func object(_ counts: [Count]) -> Value {
        .object(counts.map { .init($0.name, .integer($0.count)) })
    }
}

extension Fixed where Unit == MoneyUnit {
    /// To the nearest cent, as people read it: `9987.65`, `850.0`.
    var cents: String { rounded(toDecimals: 2, .nearest).description }
}
