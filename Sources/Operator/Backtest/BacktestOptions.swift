import CoreModels
import MarketSources
import WireFormats

/// The options of `cdb backtest`.
struct BacktestOptions {
    var paths: [String]
    var candles: CandleMode
    /// Of files whose name and rows tell none.
    var symbol: Symbol?
    /// Prices before `from`, and from `to` on, are left out.
    var from: Timestamp?
    var to: Timestamp?
    var overrides: [String: String]
    /// Nil without `--sweep`.
    var grid: BacktestGrid?
    var walkForward: WalkForward?
    /// Where the files of the report go; nil writes none.
    var directory: String?

    static let options = [
        Option("data", .list("FILE"), "recorded trades or candles: CSV, also .gz and .zst"),
        Option("candles", .value("path|close"), "four prices per candle or one (default path)"),
        Option("set", .list("KEY=VALUE"), "variables of docs/CONFIGURATION.md"),
        Option("sweep", .list("KEY=a,b,c"), "all combinations of these values, ranked"),
        Option(
            "walk-forward", .value("TRAIN:TEST"),
            "days to choose the best of --sweep by, and days after it to test the choice on"),
        Option("from", .value("TIME"), "leaves out what is before: 2026-01-05, or with T12:00Z"),
        Option("to", .value("TIME"), "leaves out what is then or later"),
        Option("symbol", .value("SYMBOL"), "of files whose name and rows tell none"),
        Option("out", .value("DIR"), "writes result.json, trades.csv and the decisions there"),
    ]

    init(_ arguments: Arguments) throws(CommandFailure) {
        paths = arguments.list("data")
        guard !paths.isEmpty else { throw .wrongUse("a backtest needs files: --data FILE…") }
        candles = try arguments.choice("candles") ?? .path
        overrides = try arguments.pairs("set")
        from = try Self.time("from", arguments)
        to = try Self.time("to", arguments)
        directory = arguments.text("out").map { StackDirectory($0).path }
        let words = arguments.list("sweep")
        if !words.isEmpty { grid = try BacktestGrid(words) }
        if let text = arguments.text("walk-forward") {
            guard grid != nil else { throw .wrongUse("--walk-forward needs --sweep KEY=a,b,c …") }
            walkForward = try WalkForward(text)
        }
        if let from, let to, from >= to { throw .wrongUse("--from has to be before --to") }
        guard let text = arguments.text("symbol") else { return }
        guard let symbol = Symbol(text) else {
            throw .wrongUse("--symbol \(text): a pair like BTC_USDT is wanted")
        }
        self.symbol = symbol
    }

    private static func time(
        _ name: String, _ arguments: Arguments
    ) throws(CommandFailure) -> Timestamp? {
        guard let text = arguments.text(name) else { return nil }
        guard let time = ISO8601.timestamp(text) else {
            throw .wrongUse("--\(name) \(text): a time like 2026-01-05T12:00:00Z is wanted")
        }
        return time
    }
}
