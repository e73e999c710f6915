import Backtesting
import CoreModels
import DecisionCores
import MarketSources

extension BacktestResult {
    /// For machines: what `--json` prints.
    var members: [Value.Member] {
        market + performance + decisions + [
            .init("orders_sha256", .text(orders)), .init("fingerprint", .text(fingerprint)),
            .init("assumptions", .list(assumptions.map { .text($0) })),
        ]
    }

    /// `result.json`: with the curve and all settings in force.
    func document(_ parameters: [Value.Member]) -> Value {
        .object(
            members + [
                .init("settings", .object(parameters)),
                .init("curve_step_ms", .integer(equity.curve.step)),
                .init("curve", .list(equity.curve.points.map(Self.value))),
            ])
    }

    private var market: [Value.Member] {
        let refused = ScreenerRefusal.allCases.compactMap { refusal in
            refusals[refusal].map { Value.Member(refusal.rawValue, .integer(Int64($0))) }
        }
        return [
            .init("feed", .text(feed)), .init("files", .list(files.map(Self.value))),
            .init("market_data", .integer(messages)), .init("refused", .object(refused)),
            .init("first", first.map { .time($0) } ?? .null),
            .init("last", first == nil ? .null : .time(last)),
        ]
    }

    private var performance: [Value.Member] {
        let trades = record.trades
        let exposure = equity.exposure
        return [
            .init("initial_equity", .number(equity.initial)),
            .init("final_equity", .number(equity.last)),
            .init("return_pct", .number(returnPct)), .init("profit", .number(profit)),
            .init("profit_without_costs", .number(profitWithoutCosts)),
            .init("fees", .number(record.fees)), .init("slippage", .number(record.slippage)),
            .init("max_drawdown_pct", .number(equity.drawdown?.percent ?? .zero)),
            .init("max_drawdown_from", equity.drawdown.map { .time($0.peakAt) } ?? .null),
            .init("max_drawdown_to", equity.drawdown.map { .time($0.lowAt) } ?? .null),
            .init("sharpe", Statistic.value(equity.returns.sharpe)),
            .init("sortino", Statistic.value(equity.returns.sortino)),
            .init("days", .integer(Int64(equity.returns.values.count))),
            .init("trades_closed", .integer(trades.closed)),
            .init("trades_open", .integer(Int64(trades.stillOpen.count))),
            .init("trades_won", .integer(trades.won)),
            .init("win_rate_pct", .number(winRatePct)),
            .init("profit_factor", .number(profitFactor)),
            .init("best_trade", .number(trades.best)), .init("worst_trade", .number(trades.worst)),
            .init("average_holding_ms", averageHolding.map { .integer($0) } ?? .null),
            .init("average_exposure_pct", Statistic.value(exposure.average * 100)),
            .init("largest_exposure_pct", Statistic.value(exposure.largest * 100)),
            .init("time_in_market_pct", Statistic.value(exposure.timeInMarket * 100)),
        ]
    }

    private var decisions: [Value.Member] {
        [
            .init("signals", .integer(record.signals)),
            .init("approved", .integer(record.approved)),
            .init("trimmed", .integer(record.trimmed)),
            .init("rejected", .integer(record.rejected)),
            .init("rejections", .list(record.refusals.map(Self.value))),
            .init("orders", .integer(record.orders)),
            .init("order_reasons", Self.object(reasonCounts)),
            .init("result_statuses", Self.object(statusCounts)),
            .init("fills", .integer(record.fills)), .init("halts", .integer(record.halts)),
            .init("trading", .text(record.trading.rawValue)),
        ]
    }

    private static func value(_ file: File) -> Value {
        .object([
            .init("name", .text(file.name)), .init("rows", .integer(Int64(file.rows))),
            .init("malformed", .integer(Int64(file.malformed.count))),
        ])
    }

    private static func value(_ refusal: BacktestRecord.Refusal) -> Value {
        .object([
            .init("layer", refusal.layer.map { .integer(Int64($0)) } ?? .null),
            .init("code", .text(refusal.code.rawValue)), .init("count", .integer(refusal.count)),
        ])
    }

    /// Time, equity, drawdown in percent.
    private static func value(_ point: EquityCurve.Point) -> Value {
        .list([
            .time(point.time), .number(point.equity), Statistic.value(point.drawdown * 100),
        ])
    }

    private static func object(_ counts: [(name: String, count: Int64)]) -> Value {
        .object(counts.map { .init($0.name, .integer($0.count)) })
    }
}
