import CoreModels

/// What a walk-forward found, for people and for machines.
struct WalkForwardReport {
    let grid: BacktestGrid
    let folds: [WalkForward.Fold]

    private var chosen: Double { WalkForward.together(folds.map(\.chosen.returnPct)) }
    private var tested: Double { WalkForward.together(folds.map(\.tested.returnPct)) }
    private var median: Double { WalkForward.together(folds.map(\.median.returnPct)) }

    var lines: [String] {
        var lines = ["walk-forward, \(folds.count) times chosen and tested:"]
        lines += folds.map { fold in
            "  \(fold.testStart.text.prefix(16)) to \(fold.testEnd.text.prefix(16))  "
                + "chosen for \(fold.chosen.returnPct) %, then \(fold.tested.returnPct) % "
                + "(median of all \(fold.median.returnPct) %)  \(grid.text(fold.chosen.place))"
        }
        return lines + [
            "  together: \(Statistic.text(chosen)) % where they were chosen, "
                + "\(Statistic.text(tested)) % on the days after, "
                + "\(Statistic.text(median)) % with the median of all settings",
            tested >= median && tested > 0
                ? "  the choice held on the days it was not made by"
                : "  the choice did not hold on the days it was not made by: it was luck",
        ]
    }

    var value: Value {
        .object([
            .init(
                "folds",
                .list(
                    folds.map { fold in
                        .object([
                            .init("train_start", .time(fold.trainStart)),
                            .init("test_start", .time(fold.testStart)),
                            .init("test_end", .time(fold.testEnd)),
                            .init("chosen", SweepTable.value(fold.chosen, grid)),
                            .init("tested", SweepTable.value(fold.tested, grid)),
                            .init("median", SweepTable.value(fold.median, grid)),
                        ])
                    })), .init("chosen_return_pct", Statistic.value(chosen)),
            .init("tested_return_pct", Statistic.value(tested)),
            .init("median_return_pct", Statistic.value(median)),
        ])
    }
}
