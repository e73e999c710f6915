import Backtesting
import CoreModels
import DecisionCores
import MarketSources

/// One backtest from the first price to the report's files.
struct BacktestRun {
    let options: BacktestOptions
    let market: BacktestMarket
    let configuration: BacktestConfiguration

    /// - Throws: `CommandFailure.wrongUse` for what is wrong with the data, `failed` for what is
    ///   wrong with the directory of the report.
    func run(_ console: Console) throws(CommandFailure) -> BacktestResult {
        let output = try BacktestOutput(directory: options.directory)
        var backtest = Backtest(feed: market.feed, settings: configuration.settings)
        var line = ProgressLine(console)
        defer { line.end() }
        var reader = try market.makeReader(from: options.from, to: options.to)
        while try reader.next() {
            let prices = reader.prices.span
            output.take(prices)
            var place = 0
            while place < prices.count {
                place = reader.feed(&backtest, from: place)
                try output.take(backtest)
            }
            Self.show(reader.progress, backtest, &line)
        }
        backtest.end()
        try output.take(backtest)
        let result = BacktestResult(
            feed: market.feed, files: reader.files,
            messages: backtest.messages, refusals: backtest.screener.refusals,
            first: backtest.first, last: backtest.now, record: backtest.record,
            settings: configuration.settings, orders: output.orders,
            fingerprint: output.fingerprint)
        try output.finish(result, configuration.parameters)
        return result
    }

    private static func show(
        _ progress: ReplayProgress, _ backtest: Backtest, _ line: inout ProgressLine
    ) {
        let share = progress.bytesTotal > 0 ? Int(progress.bytes * 1000 / progress.bytesTotal) : nil
        line.show(
            "\(progress.rows) rows, \(backtest.record.orders) orders, the market is at "
                + backtest.now.text, share: share)
    }
}
