import Backtesting
import CoreModels
import DecisionCores
import MarketSources
import Testing

/// A seeded market of one-minute candles that rise and fall a lot, made up by the tests.
struct Tape {
    static let start: Int64 = 1_770_000_000_000
    static let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    static let feed = "replay-0123456789abcdef"

    /// The rows of each symbol, without a header: `open_time,open,high,low,close,volume`.
    let rows: [[String]]

    init(minutes: Int, seed: UInt64) {
        rows = Self.symbols.indices.map { place in
            var random = Lottery(state: seed &* 31 &+ UInt64(place))
            var price = [4_500_000, 300_000, 15_000][place]
            var drift = 0
            return (0..<minutes).map { minute in
                if random.draw(20) == 0 { drift = random.draw(81) - 40 }
                let open = price
                price = max(100, price * (10_000 + drift + random.draw(41) - 20) / 10_000)
                let high = max(open, price) + random.draw(open / 1_000 + 1)
                let low = min(open, price) - random.draw(open / 1_000 + 1)
                let texts = [open, high, low, price].map { "\($0 / 100).\($0 / 10 % 10)\($0 % 10)" }
                let volume = 4_500_000_000 / open * (1 + random.draw(3))
                return "\(Self.start + Int64(minute) * 60_000),"
                    + texts.joined(separator: ",") + ",\(volume)\n"
            }
        }
    }

    /// The first `minutes` as a market.
    func merge(
        minutes: Int, candles: CandleMode = .path
    ) throws(MarketFileError) -> MarketMerge {
        var streams: [ObservationStream] = []
        for (name, rows) in zip(Self.symbols, rows) {
            let text =
                "open_time_ms,open,high,low,close,volume_base\n" + rows.prefix(minutes).joined()
            let file = try MarketFile(
                name: "\(name)-1m.csv", source: ByteArraySource(Array(text.utf8)))
            streams.append(try ObservationStream(file, candles: candles))
        }
        return try MarketMerge(streams)
    }

    static var settings: BacktestSettings {
        var settings = BacktestSettings()
        settings.paper.latencyMs = 1
        settings.paper.dataStaleTimeoutSec = 120
        settings.risk.dataStaleTimeoutSec = 120
        return settings
    }

    /// All events before the market's end, and the backtest as it stands there.
    func run(
        minutes: Int, candles: CandleMode = .path, settings: BacktestSettings = Tape.settings
    ) throws(MarketFileError) -> (backtest: Backtest, events: [Event]) {
        var merge = try merge(minutes: minutes, candles: candles)
        var backtest = Backtest(feed: Self.feed, settings: settings)
        var events: [Event] = []
        while let observation = try merge.next() {
            _ = backtest.observe([observation].span, from: 0)
            events += backtest.events
        }
        return (backtest, events)
    }
}

/// Numbers that look random, the same in every run.
struct Lottery {
    var state: UInt64

    mutating func draw(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}
