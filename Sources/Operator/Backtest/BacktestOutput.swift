import Backtesting
import CoreModels
import DecisionCores
import WireFormats

/// The files of one backtest. What is not finished is erased.
final class BacktestOutput {
    private let streams: DecisionStreams
    private let trades: TradeTable?
    private let result: OutputFile?
    private let page: ReportPage?

    /// - Parameter directory: it has to be there; nil writes nothing.
    init(directory: String?) throws(CommandFailure) {
        streams = try DecisionStreams(directory: directory)
        guard let directory else {
            (trades, result, page) = (nil, nil, nil)
            return
        }
        trades = try TradeTable(directory: directory)
        result = try OutputFile("\(directory)/result.json")
        page = ReportPage.isPossible ? try ReportPage(directory: directory) : nil
    }

    /// The prices to come.
    func take(_ prices: Span<Observation>) { page?.take(prices) }

    /// What the last input led to.
    func take(_ backtest: borrowing Backtest) throws(CommandFailure) {
        guard !backtest.events.isEmpty else { return }
        try streams.take(backtest.events)
        try trades?.take(backtest.record.trades.lastClosed)
        page?.take(backtest.record.trades.lastClosed)
    }

    func finish(
        _ result: BacktestResult, _ parameters: [Value.Member]
    ) throws(CommandFailure) {
        try trades?.take(result.record.trades.stillOpen)
        page?.take(result.record.trades.stillOpen)
        try trades?.close()
        try streams.close()
        let document = result.document(parameters)
        try self.result?.write(JSONWriter.bytes(document) + [10])
        try self.result?.close()
        try page?.finish(document)
    }

    var orders: String { streams.finishOrders() }
    var fingerprint: String? { streams.fingerprint }
}
