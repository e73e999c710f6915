import Backtesting
import CAllocations
import CoreModels
import DecisionCores
import Glibc
import MarketFiles
import MarketSources
import PrivateServers

/// The fixed job: 5,000,000 trades of five symbols and 1,000,000 one-minute candles of one, momentum
/// over 15 minutes with ±3 %, fee 0.1 %, slippage 5 bps, stop-loss 2 %. The variables
/// `CDB_BENCH_TICKS` and `CDB_BENCH_BARS` name files to take instead of those made here.
enum BacktestBench {
    private static let ticks = 5_000_000
    private static let bars = 1_000_000
    private static let feed = "replay-0000000000000000"

    static func run() throws {
        let given = ProcessEnvironment.current
        let jobs = [
            ("trades", ticks, given["CDB_BENCH_TICKS"]), ("bars", bars, given["CDB_BENCH_BARS"]),
        ]
        // Files first: the peak of memory is then that of reading them.
        for (what, count, path) in jobs {
            try measure(what, count / 10, path, fromFile)
            try measure(what, count, path, fromFile)
        }
        for (what, count, path) in jobs { try measure(what, count / 10, path, inMemory) }
        for (what, count, path) in jobs { try measure(what, count / 10, path, quiet) }
    }

    private static func measure(
        _ what: String, _ count: Int, _ given: String?,
        _ body: (String, Int, String) throws -> Void
    ) throws {
        let path = "/tmp/cdb-bench-\(getpid())-1m.csv"
        defer { unlink(path) }
        if let given {
            try BenchTape.head(of: given, rows: count, path)
        } else {
            try what == "bars" ? BenchTape.bars(count, path) : BenchTape.trades(count, path)
        }
        try body(what, count, path)
    }

    private static func fromFile(_ what: String, _ count: Int, _ path: String) throws {
        let file = try time {
            var backtest = self.backtest(isBars: what == "bars")
            // What the feed is named by belongs to it.
            _ = try FeedDigest.of([path], candles: .close)
            var merge = try self.merge(path)
            var prices: [Observation] = []
            var taken = 0
            while taken < count, try merge.next(into: &prices, upTo: 512) {
                play(prices, &backtest)
                taken += prices.count
            }
            return (taken, backtest)
        }
        Bench.line("\(what) from CSV", Double(file.count) / file.seconds, "a second")
        Bench.line("  CPU of \(file.count)", file.seconds, "s")
        Bench.line("  orders", Double(file.backtest.record.orders), "")
        Bench.line("  peak memory so far", peakMegabytes, "MB")
    }

    /// A part that fits in little memory.
    private static func inMemory(_ what: String, _ count: Int, _ path: String) throws {
        let all = try observations(count, path)
        for _ in 0..<3 {
            let memory = time {
                var backtest = self.backtest(isBars: what == "bars")
                play(all, &backtest)
                return (all.count, backtest)
            }
            Bench.line("\(what) in memory", Double(memory.count) / memory.seconds, "a second")
        }
    }

    /// With a turnover that is never reached nothing is decided: what is allocated then are windows
    /// that grow, the same for a tenth of the market as for all of it.
    private static func quiet(_ what: String, _ count: Int, _ path: String) throws {
        let all = try observations(count, path)
        for part in [all.count / 10, all.count] {
            let prices = Array(all[..<part])
            var backtest = backtest(isBars: what == "bars", minVolume: 1_000_000_000_000)
            let before = allocation_count()
            play(prices, &backtest)
            let allocations = allocation_count() - before
            Bench.line("allocations for \(part) quiet \(what)", Double(allocations), "")
        }
    }

    private static func observations(_ count: Int, _ path: String) throws -> [Observation] {
        var all: [Observation] = []
        var merge = try merge(path)
        var prices: [Observation] = []
        while all.count < count, try merge.next(into: &prices, upTo: 512) { all += prices }
        return all
    }

    private static func play(_ prices: [Observation], _ backtest: inout Backtest) {
        var place = 0
        while place < prices.count { place = backtest.observe(prices.span, from: place) }
    }

    private static func merge(_ path: String) throws -> MarketMerge {
        let file = try MarketFile(
            name: path, source: StoredFileSource.open(path), symbol: Symbol("BTC_USDT"))
        return try MarketMerge([ObservationStream(file, candles: .close)])
    }

    private static func backtest(isBars: Bool, minVolume: Int? = nil) -> Backtest {
        var settings = BacktestSettings()
        settings.signal.minVolume = Money(minVolume ?? (isBars ? 12_000_000 : 300_000))
        settings.paper.spreadBps = .zero
        if isBars {
            settings.paper.latencyMs = 1
            settings.paper.dataStaleTimeoutSec = 120
            settings.risk.dataStaleTimeoutSec = 120
        }
        return Backtest(feed: feed, settings: settings)
    }

    private static func time(
        _ body: () throws -> (Int, Backtest)
    ) rethrows -> (count: Int, backtest: Backtest, seconds: Double) {
        let started = cpuSeconds
        let (count, backtest) = try body()
        return (count, backtest, cpuSeconds - started)
    }

    /// User and system time of this process.
    private static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static var peakMegabytes: Double {
        var usage = rusage()
        getrusage(0, &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}
