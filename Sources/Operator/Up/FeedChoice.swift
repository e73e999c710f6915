import CoreModels
import MarketFiles
import MarketSources

/// Which market the operator wants, as told by the options.
struct FeedChoice: Equatable {
    enum Kind: String, CaseIterable {
        case sim, replay, mexc, none

        /// cdb_ws and cdb_rest bring it.
        var isExchange: Bool {
            switch self {
            case .sim, .mexc: true
            case .replay, .none: false
            }
        }
    }

    var kind: Kind
    var paths: [String]
    var candles: CandleMode
    /// Of files whose name and rows tell none.
    var symbol: Symbol?
    /// Market seconds per second; 0 is as fast as the pipeline takes it.
    var speed: Ratio
    var seed: UInt64

    /// Options of `cdb up` and `cdb replay`.
    static let dataOptions = [
        Option("data", .list("FILE"), "recorded trades or candles: CSV, also .gz and .zst"),
        Option("candles", .value("close|path"), "one price per candle or four (default close)"),
        Option("symbol", .value("SYMBOL"), "of files whose name and rows tell none"),
        Option("speed", .value("N"), "market seconds per second; 0 is as fast as it goes"),
    ]
    static let options =
        [
            Option(
                "feed", .value("sim|replay|mexc|none"),
                "the market (default sim; replay with --data)")
        ]
        + dataOptions
        + [Option("seed", .value("N"), "of the simulator (default 1)")]

    private static let speeds = Ratio.zero...Ratio(1_000_000)

    /// - Parameter replaysOnly: `cdb replay` knows no other market.
    init(_ arguments: Arguments, replaysOnly: Bool = false) throws(CommandFailure) {
        paths = arguments.list("data")
        let asked: Kind? = replaysOnly ? .replay : try arguments.choice("feed")
        kind = asked ?? (paths.isEmpty ? .sim : .replay)
        candles = try arguments.choice("candles") ?? .close
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        speed =
            try arguments.decimal("speed", in: Self.speeds) ?? (kind == .replay ? .zero : Ratio(1))
        if let text = arguments.text("symbol") {
            guard let symbol = Symbol(text) else {
                throw .wrongUse("--symbol \(text): a pair like BTC_USDT is wanted")
            }
            self.symbol = symbol
        }
        if kind == .replay, paths.isEmpty {
            throw .wrongUse("a replay needs files: --data FILE…")
        }
        if kind != .replay, !paths.isEmpty {
            throw .wrongUse("--data belongs to --feed replay")
        }
        if kind == .mexc, speed != Ratio(1) {
            throw .wrongUse("--speed belongs to --feed sim and --feed replay: MEXC sets its own")
        }
        if kind == .sim, !speed.isPositive {
            throw .wrongUse("--speed 0 belongs to --feed replay: the simulator needs one above 0")
        }
    }

    /// Opens and surveys the files of a replay; nil for other kinds.
    func openFiles() throws(CommandFailure) -> RecordedMarket? {
        guard kind == .replay else { return nil }
        do throws(MarketFileError) {
            return try RecordedMarket(paths: paths, candles: candles, symbol: symbol)
        } catch { throw .wrongUse(error.description) }
    }
}
