import Backtesting
import CoreModels
import Glibc
import PrivateServers
import ServiceKit
import Synchronization

/// `cdb backtest`: the live cores on recorded data, in process.
enum BacktestCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "backtest", "what the rules would have done on recorded data, in process",
        options: BacktestOptions.options,
        details: """
            The cores, settings and defaults are those of the live services: a replay of the same
            files with the same --candles gives the same orders, byte for byte. On candles
            PAPER_LATENCY_MS is 1 unless it is set. Variables count from the environment, and over
            it from --set.
            DIR gets report.html, result.json, trades.csv, and the signals, risk_decisions, orders
            and order_results as .jsonl; with --sweep it gets sweep.csv.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let options = try BacktestOptions(arguments)
        let market = try BacktestMarket(
            paths: options.paths, candles: options.candles, symbol: options.symbol)
        if let directory = options.directory {
            try Files.makeDirectory(directory, mode: 0o755)
        }
        if let grid = options.grid { return try sweep(grid, options, market, context) }
        let configuration = try BacktestConfiguration(
            context.environment, overrides: options.overrides, market: market)
        for warning in configuration.configuration.warnings {
            context.console.complain("cdb backtest: WARN \(warning)")
        }
        if options.directory != nil, !ReportPage.isPossible {
            context.console.complain("cdb backtest: \(ReportPage.remedy)")
        }
        let run = BacktestRun(options: options, market: market, configuration: configuration)
        let result = try run.run(context.console)
        return Report(result.lines, result.members)
    }

    private static func sweep(
        _ grid: BacktestGrid, _ options: BacktestOptions, _ market: BacktestMarket,
        _ context: Context
    ) throws -> Report {
        var settings: [BacktestSettings] = []
        for place in grid.combinations.indices {
            let overrides = options.overrides.merging(grid.overrides(place)) { $1 }
            let configuration = try BacktestConfiguration(
                context.environment, overrides: overrides, market: market)
            // A value that is replaced would stand in the table and not be what was played.
            if let warning = configuration.configuration.warnings.first {
                throw CommandFailure.wrongUse(warning)
            }
            settings.append(configuration.settings)
        }
        let sweep = BacktestSweep(market: market, settings: settings)
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let count = settings.count
        let started = SystemClock.monotonicMilliseconds
        let line = Mutex(ProgressLine(context.console))
        let show: @Sendable (Int) -> Void = { share in
            line.withLock { $0.show("\(count) settings", share: share) }
        }
        defer { line.withLock { $0.end() } }
        let rows = try sweep.run(from: options.from, to: options.to, threads: threads, show)
        let table = SweepTable(grid: grid, rows: rows)
        var report = Report(table.lines, [.init("sweep", table.value)])
        if let walkForward = options.walkForward {
            let span = try market.span(from: options.from, to: options.to)
            let folds = try walkForward.run(sweep, over: span, threads: threads, show)
            let found = WalkForwardReport(grid: grid, folds: folds)
            report.lines += found.lines
            report.members.append(.init("walk_forward", found.value))
        } else {
            report.lines.append("beware: " + SweepTable.warning)
        }
        report.members.append(.init("warning", .text(SweepTable.warning)))
        let milliseconds = SystemClock.monotonicMilliseconds - started
        report.lines.append("\(count) settings in \(milliseconds) ms")
        if let directory = options.directory {
            let file = try OutputFile("\(directory)/sweep.csv")
            try file.write(table.csv)
            try file.close()
        }
        return report
    }
}
