import Backtesting
import CoreModels
import DecisionCores
import MarketFiles
import MarketSources
@testable import Operator
import TestKit
import Testing
import WireFormats

@Suite("The options and tables of a backtest")
struct BacktestOptionsTests {
    private func options(_ words: String...) throws(CommandFailure) -> BacktestOptions {
        try BacktestOptions(BacktestCommand.syntax.parse(words))
    }

    @Test("are read as they stand")
    func read() throws {
        let options = try options(
            "--data", "a.csv", "b.csv", "--set", "STOP_LOSS_PCT=0.03", "TOP_N=2", "--candles",
            "close", "--from", "2026-01-05", "--to", "2026-01-06T12:00Z", "--symbol", "btcusdt")
        #expect(options.paths == ["a.csv", "b.csv"])
        #expect(options.overrides == ["STOP_LOSS_PCT": "0.03", "TOP_N": "2"])
        #expect(options.candles == .close)
        #expect(options.from?.text == "2026-01-05T00:00:00.000Z")
        #expect(options.to?.text == "2026-01-06T12:00:00.000Z")
        #expect(options.symbol?.description == "BTC_USDT")
        #expect(options.grid == nil)
        #expect(try self.options("--data", "a.csv").candles == .path)
    }

    @Test(
        "are refused with the reason",
        arguments: [
            ([], "a backtest needs files"), (["--data", "a", "--set", "X"], "KEY=VALUE is wanted"),
            (["--data", "a", "--from", "soon"], "a time like"),
            (["--data", "a", "--from", "2026-01-06", "--to", "2026-01-05"], "before --to"),
            (["--data", "a", "--symbol", "?"], "a pair like BTC_USDT"),
            (["--data", "a", "--sweep", "X"], "KEY=a,b,c is wanted"),
            (["--data", "a", "--sweep", "X=1", "X=2"], "names X twice"),
            (["--data", "a", "--sweep", "A=\(String(repeating: "1,", count: 10_001))"], "10000"),
            (["--data", "a", "--walk-forward", "7:2"], "needs --sweep"),
            (["--data", "a", "--sweep", "X=1", "--walk-forward", "7"], "TRAIN:TEST"),
            (["--data", "a", "--sweep", "X=1", "--walk-forward", "0:1"], "TRAIN:TEST"),
        ])
    func refused(words: [String], reason: String) throws {
        let failure = #expect(throws: CommandFailure.self) {
            try BacktestOptions(BacktestCommand.syntax.parse(words))
        }
        #expect(failure?.exitCode == 2)
        #expect(failure?.message.contains(reason) == true, "\(failure?.message ?? "")")
    }

    @Test("make a grid of all combinations, the last key fastest")
    func grid() throws {
        let grid = try BacktestGrid(["A=1,2", "B=x,y,z"])
        #expect(grid.keys == ["A", "B"])
        #expect(
            grid.combinations == [
                ["1", "x"], ["1", "y"], ["1", "z"], ["2", "x"], ["2", "y"], ["2", "z"],
            ])
        #expect(grid.overrides(4) == ["A": "2", "B": "y"])
        #expect(grid.text(4) == "A=2 B=y")
    }

    @Test(
        "tell the parts of a walk-forward in days or hours",
        arguments: [
            ("30:10", 30 * 86_400_000, 10 * 86_400_000), ("7d:2d", 7 * 86_400_000, 2 * 86_400_000),
            ("12h:4h", 12 * 3_600_000, 4 * 3_600_000),
        ])
    func walkForward(text: String, train: Int, test: Int) throws {
        let parts = try WalkForward(text)
        #expect(parts.train == Int64(train))
        #expect(parts.test == Int64(test))
    }

    @Test("put returns one after the other")
    func together() {
        #expect((WalkForward.together([Ratio(10), Ratio(-10)]) + 1).magnitude < 1e-9)
        #expect(WalkForward.together([]) == 0)
    }

    @Test(
        "write statistics the same everywhere",
        arguments: [
            (1.0, "1.0"), (-0.33333333, "-0.3333"), (0.00004, "0.0"), (.infinity, "0.0"),
            (.nan, "0.0"), (123_456.78915, "123456.7892"),
        ])
    func statistic(number: Double, text: String) {
        #expect(Statistic.text(number) == text)
    }
}

@Suite("A backtest of files")
struct BacktestRunTests {
    /// 30 rising minutes, 30 falling ones, and so on.
    private static func candles(_ minutes: Int, malformed: Int = 0) -> String {
        var text = "open_time_ms,open,high,low,close,volume_base\n"
        var price = 10_000
        for minute in 0..<minutes {
            let next = price * (minute / 30 % 2 == 0 ? 1_004 : 996) / 1_000
            let (high, low) = (max(price, next), min(price, next))
            text +=
                minute * malformed % minutes < malformed
                ? "broken,row\n"
                : "\(1_770_000_000_000 + minute * 60_000),\(price),\(high),\(low),\(next),100\n"
            price = next
        }
        return text
    }

    private func run(
        _ path: String, _ overrides: [String: String] = [:], out: String? = nil
    ) throws -> BacktestResult {
        var words = ["--data", path]
        if let out { words += ["--out", out] }
        let options = try BacktestOptions(BacktestCommand.syntax.parse(words))
        let market = try BacktestMarket(
            paths: options.paths, candles: options.candles, symbol: options.symbol)
        let configuration = try BacktestConfiguration([:], overrides: overrides, market: market)
        return try BacktestRun(
            options: options, market: market, configuration: configuration
        ).run(.standard)
    }

    @Test("accepts a few malformed rows with a count, and refuses more than 1 % by line")
    func malformed() throws {
        let folder = try TemporaryFolder()
        let few = try folder.write(Self.candles(1_000, malformed: 5), as: "BTCUSDT-1m-few.csv")
        let result = try run(few)
        #expect(result.files.map(\.malformed.count) == [5])
        #expect(result.lines.contains { $0.contains("5 malformed and left out: line 2:") })
        let many = try folder.write(Self.candles(1_000, malformed: 30), as: "BTCUSDT-1m-many.csv")
        let failure = #expect(throws: CommandFailure.self) { try run(many) }
        #expect(failure?.exitCode == 2)
        #expect(failure?.message.contains("30 of 1000 rows are malformed") == true)
        #expect(failure?.message.contains("line 2: 2 columns instead of 6") == true)
    }

    @Test("waits one millisecond on candles unless it is told otherwise")
    func latency() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.candles(600), as: "BTCUSDT-1m.csv")
        #expect(try run(path).settings.paper.latencyMs == 1)
        #expect(try run(path, ["PAPER_LATENCY_MS": "0"]).settings.paper.latencyMs == 0)
        #expect(try run(path).settings.risk.dataStaleTimeoutSec == 120)
        let trades = try folder.write(
            "ts_ms,price,qty\n1770000000000,1,1\n1770000001000,1,1\n", as: "BTCUSDT-t.csv")
        #expect(try run(trades).settings.paper.latencyMs == 0)
        #expect(try run(trades).settings.risk.dataStaleTimeoutSec == 30)
    }

    @Test("leaves files that tell what the result tells, and the settings in force")
    func files() throws {
        let folder = try TemporaryFolder()
        let directory = try TemporaryDirectory()
        let path = try folder.write(Self.candles(3_000), as: "BTCUSDT-1m.csv")
        let result = try run(path, ["SIGNAL_MIN_VOLUME": "1"], out: directory.path)
        let bytes = try folder.read("\(directory.path)/result.json")
        let document = try JSONDocument.parse(bytes, limit: bytes.count)
        #expect(document["orders_sha256"] == .text(result.orders))
        // Twice a candle, which is longer than the 30 s that are configured.
        #expect(document["settings"]["DATA_STALE_TIMEOUT_SEC"] == .integer(120))
        #expect(document["settings"]["SIGNAL_MIN_VOLUME"] == .integer(1))
        let trades = try folder.read("\(directory.path)/trades.csv").split(separator: 10)
        #expect(
            trades.count == 1 + Int(result.record.trades.closed)
                + result.record.trades.stillOpen.count)
    }

    @Test("gives figures that fit together")
    func figures() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.candles(3_000), as: "BTCUSDT-1m.csv")
        let result = try run(path, ["SIGNAL_MIN_VOLUME": "1"])
        #expect(result.record.trades.closed > 10)
        #expect(result.profit == result.equity.last - Money(10_000))
        #expect(
            result.profitWithoutCosts
                == result.profit + result.record.fees + result.record.slippage)
        #expect(result.orders.count == 64)
        #expect(result.fingerprint?.count == 64)
        #expect(try run(path, ["SIGNAL_MIN_VOLUME": "1"]).members == result.members)
    }

    @Test("refuses a value that is no number, and an unknown name")
    func settings() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.candles(60), as: "BTCUSDT-1m.csv")
        for (name, value) in [("STOP_LOSS_PCT", "x"), ("DANCE", "1"), ("SIGNAL_THRESHOLD", "3")] {
            let failure = #expect(throws: CommandFailure.self) { try run(path, [name: value]) }
            #expect(failure?.exitCode == 2)
            #expect(failure?.message.contains(name) == true)
        }
    }
}
