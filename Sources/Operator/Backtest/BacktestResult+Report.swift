import Backtesting
import CoreModels
import DecisionCores
import MarketSources

extension BacktestResult {
    /// For people.
    var lines: [String] {
        let trades = record.trades
        var lines = ["backtest of \(files.count) files as \(feed)"]
        lines += files.map { row("file", "\($0.name): \($0.rows) rows" + Self.malformed($0)) }
        lines += [
            row("market_data", "\(messages)" + span),
            row(
                "return",
                "\(returnPct) %: \(equity.initial.cents) to \(equity.last.cents) USDT"),
            row("without costs", "\(profitWithoutCosts.cents) USDT instead of \(profit.cents)"),
            row("costs", "fees \(record.fees.cents), slippage \(record.slippage.cents) USDT"),
            row("max drawdown", drawdownText),
            row("sharpe", Self.text(equity.returns.sharpe) + ", of daily returns, a year"),
            row("sortino", Self.text(equity.returns.sortino)),
            row("trades", "\(trades.closed) closed, \(trades.stillOpen.count) open"),
            row("win rate", winRatePct.map { "\($0) %" } ?? "no trade"),
            row("profit factor", profitFactor?.description ?? "no loss"),
            row("holding time", averageHolding.map(Self.duration) ?? "no trade"),
            row(
                "exposure",
                "\(Self.percentText(equity.exposure.average)) on average, "
                    + "\(Self.percentText(equity.exposure.largest)) at most, in the market "
                    + "\(Self.percentText(equity.exposure.timeInMarket)) of the time"),
            row("signals", "\(record.signals)"),
            row(
                "decisions",
                "\(record.approved) approved, \(record.trimmed) trimmed, "
                    + "\(record.rejected) rejected"),
        ]
        lines += record.refusals.map { refusal in
            let layer = refusal.layer.map { "layer \($0)" } ?? "no layer"
            return row("", "\(refusal.count) rejected by \(layer), \(refusal.code.rawValue)")
        }
        lines += [
            row("orders", "\(record.orders)" + Self.list(reasonCounts)),
            row("results", Self.list(statusCounts).trimmed),
            row("halts", "\(record.halts), trading is \(record.trading.rawValue)"),
            row("orders sha", orders),
        ]
        if let fingerprint { lines.append(row("sha-256", "\(fingerprint) of these decisions")) }
        return lines + assumptions.map { row("assumed", $0) }
    }

    /// What a backtest leaves out, in plain words.
    var assumptions: [String] {
        let paper = settings.paper
        return [
            Summary.assumptions(paper),
            "orders fill whole up to 10 % of the turnover of the last "
                + "\(settings.screener.lookbackMinutes) minutes, beyond 1 % at a worse price; "
                + "nobody else reacts to them",
            paper.latencyMs > 0
                ? "an order fills on the first price at least \(paper.latencyMs) ms after its "
                    + "decision"
                : "an order fills on the price that led to it",
            "data are stale after \(settings.risk.dataStaleTimeoutSec) s",
            "open positions count at their last price; equity is looked at once a minute and at "
                + "every fill",
            "the cost of the assumed spread is part of the prices, not of slippage",
        ]
    }

    var reasonCounts: [(name: String, count: Int64)] {
        zip(Order.Reason.allCases, record.orderReasons).map { ($0.rawValue, $1) }
    }

    var statusCounts: [(name: String, count: Int64)] {
        zip(OrderResult.Status.allCases, record.statuses).map { ($0.rawValue, $1) }
    }

    private var span: String { first.map { ", \($0.text) to \(last.text)" } ?? "" }

    private var drawdownText: String {
        guard let drawdown = equity.drawdown else { return "0 %" }
        return "\(drawdown.percent.rounded(toDecimals: 3, .nearest)) %, from "
            + "\(drawdown.peakAt.text) to \(drawdown.lowAt.text)"
    }

    private func row(_ name: String, _ text: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 15 - name.count)) + text
    }

    private static func malformed(_ file: File) -> String {
        file.malformed.count > 0
            ? ", \(file.malformed.count) malformed and left out: \(file.malformed)" : ""
    }

    private static func list(_ counts: [(name: String, count: Int64)]) -> String {
        let seen = counts.filter { $0.count > 0 }
        guard !seen.isEmpty else { return "" }
        return " (" + seen.map { "\($0.count) \($0.name)" }.joined(separator: ", ") + ")"
    }

    /// Statistics with 4 decimals.
    static func text(_ number: Double?) -> String {
        number.map { Statistic.text($0) } ?? "not known below two days"
    }

    static func percentText(_ share: Double) -> String { Statistic.text(share * 100) + " %" }

    /// `2 h 5 min`.
    static func duration(_ milliseconds: Int64) -> String {
        let minutes = milliseconds / 60_000
        if minutes == 0 { return "\(milliseconds / 1000) s" }
        return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}

extension String {
    /// Without the blank and brackets of a list that stands alone.
    fileprivate var trimmed: String { String(drop { $0 == " " || $0 == "(" }.prefix { $0 != ")" }) }
}
