import Backtesting
import CoreModels

/// The ranked settings of a sweep for people, machines and spreadsheets.
struct SweepTable {
    private static let columns = [
        "return %", "drawdown %", "sharpe", "trades", "won %", "factor", "fees",
    ]
    private static let names = [
        "return_pct", "max_drawdown_pct", "sharpe", "trades", "win_rate_pct", "profit_factor",
        "fees",
    ]
    /// Lines for people; all are in the file and the JSON.
    static let shown = 50

    static let warning =
        "the best of many settings is luck unless it holds on data it was not chosen by: "
        + "--walk-forward TRAIN:TEST tells"

    let grid: BacktestGrid
    /// Ranked.
    let rows: [BacktestSweep.Row]

    var lines: [String] {
        let table =
            [["rank"] + Self.columns + grid.keys]
            + rows.prefix(Self.shown).enumerated().map { rank, row in
                ["\(rank + 1)"] + Self.figures(row) + grid.combinations[row.place]
            }
        let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        var lines = table.map { line in
            zip(line, widths).map { text, width in
                String(repeating: " ", count: width - text.count) + text
            }.joined(separator: "  ")
        }
        if rows.count > Self.shown { lines.append("… and \(rows.count - Self.shown) more") }
        return lines
    }

    var csv: String {
        let lines = rows.enumerated().map { rank, row in
            (["\(rank + 1)"] + Self.figures(row) + grid.combinations[row.place])
                .joined(separator: ",")
        }
        let header = (["rank"] + Self.names + grid.keys).joined(separator: ",")
        return ([header] + lines).map { $0 + "\n" }.joined()
    }

    var value: Value {
        .list(rows.map { Self.value($0, grid) })
    }

    static func value(_ row: BacktestSweep.Row, _ grid: BacktestGrid) -> Value {
        let record = row.record
        let settings = zip(grid.keys, grid.combinations[row.place]).map {
            Value.Member($0, .text($1))
        }
        return .object([
            .init("settings", .object(settings)), .init("return_pct", .number(row.returnPct)),
            .init("max_drawdown_pct", .number(row.drawdownPct)),
            .init("sharpe", Statistic.value(record.equity.returns.sharpe)),
            .init("trades", .integer(record.trades.closed)),
            .init("win_rate_pct", .number(BacktestResult.winRatePct(record.trades))),
            .init("profit_factor", .number(BacktestResult.profitFactor(record.trades))),
            .init("fees", .number(record.fees)),
        ])
    }

    private static func figures(_ row: BacktestSweep.Row) -> [String] {
        let record = row.record
        let rounded = { (ratio: Ratio?) in
            ratio.map { $0.rounded(toDecimals: 2, .nearest).description } ?? "-"
        }
        return [
            rounded(row.returnPct), rounded(row.drawdownPct),
            rounded(record.equity.returns.sharpe.map(Statistic.ratio)),
            "\(record.trades.closed)", rounded(BacktestResult.winRatePct(record.trades)),
            rounded(BacktestResult.profitFactor(record.trades)), record.fees.cents,
        ]
    }
}
