import CoreModels
import Ledger
import ServiceKit

/// 80,000 triggering market_data in one go over 90 symbols: what comes out, how fast, at what cost.
enum BurstBench {
    static let count = 80_000

    static func run() throws {
        let stack = try BenchStack([
            "SIGNAL_COOLDOWN_SEC": "0", "SIGNAL_THRESHOLD_PCT": "0.1",
            "INITIAL_CAPITAL": "1000000000", "MAX_POSITION_PCT": "0.01", "MAX_EXPOSURE_PCT": "1.0",
            "MAX_OPEN_POSITIONS": "100", "BACKPRESSURE_MAX_LAG": "100000",
        ])
        let market = try BenchMarket(try stack.redis(), symbols: 90)
        // A tenth of a percent is a hundredth of a position: about 9,000 orders fit the limits.
        let change = Ratio(raw: FixedArithmetic.one / 10)
        let messages = (0..<count).map { market.message($0, change: change) }
        let before = try stack.usage()
        let database = try stack.postgres()
        let scraper = try Scraper(stack)
        let published = market.publish(all: messages)
        let drained = try Bench.wait(seconds: 180) { try Progress.read(database).isDone }
        scraper.printEnd()
        let end = try Progress.read(database)
        let after = try stack.usage()
        Bench.line("published", Double(count) / published, "a second")
        Bench.line("signals", Double(end.signals), "(\(count - end.signals) missed on the bus)")
        Bench.line("missed, as cdb_core counts", try gaps(stack), "gaps")
        Bench.line("decisions", Double(end.decisions), "in \(end.decisionSeconds) s")
        Bench.line("decisions", Double(end.decisions) / end.decisionSeconds, "a second")
        Bench.line("orders", Double(end.orders), "")
        Bench.line("order_results", Double(end.results), "in \(end.resultSeconds) s")
        Bench.line("order_results", Double(end.results) / end.resultSeconds, "a second")
        Bench.line(
            "CPU of our services", (after.cpuSeconds - before.cpuSeconds) / Double(count) * 1000,
            "ms a triggering event")
        Bench.printMemory(after, "after the burst")
        if !drained { print("  not drained within 180 s") }
        try stack.close()
    }

    private static func gaps(_ stack: BenchStack) throws -> Double {
        let page = String(decoding: try stack.get(.core, "/metrics"), as: UTF8.self)
        let name = "cdb_sequence_gaps_total{stream=\"market_data\"} "
        return page.split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { Double($0.dropFirst(name.count)) } ?? 0
    }

    /// Where the burst stands, from the ledger.
    struct Progress {
        var signals = 0
        var decisions = 0
        var orders = 0
        var results = 0
        var decisionSeconds = 0.0
        var resultSeconds = 0.0
        var writerLag = 0

        var isDone: Bool {
            signals > 0 && decisions == signals && results == orders && writerLag == 0
        }

        static func read(_ database: PostgresConnection) throws -> Progress {
            let result = try database.run(query())
            var progress = Progress()
            progress.signals = Int(result.integer(0, 0))
            progress.decisions = Int(result.integer(0, 1))
            progress.orders = Int(result.integer(0, 2))
            progress.results = Int(result.integer(0, 3))
            progress.decisionSeconds = Double(result.integer(0, 4)) / 1000
            progress.resultSeconds = Double(result.integer(0, 5)) / 1000
            progress.writerLag = Int(result.integer(0, 6))
            return progress
        }

        /// Times are those of the events, the wall clock: decisions from the first signal on, results
        /// from the first to the last. Every part goes by key, so that asking costs the measured stack nothing.
        private static let query = SQLStatement(
            "bench_progress",
            """
            WITH heads AS (
                SELECT s.stream, l.seq, l.ts FROM unnest(ARRAY['signals', 'risk_decisions', 'orders',
                    'order_results', 'account', 'alerts.cdb_risk']) AS s(stream)
                CROSS JOIN LATERAL (SELECT seq, ts FROM ledger WHERE stream = s.stream
                    ORDER BY seq DESC LIMIT 1) AS l
            ), begun AS (SELECT ts FROM ledger WHERE stream = 'signals' AND seq = 1),
            answered AS (SELECT ts FROM ledger WHERE stream = 'order_results' AND seq = 1)
            SELECT
                coalesce((SELECT seq FROM heads WHERE stream = 'signals'), 0),
                coalesce((SELECT seq FROM heads WHERE stream = 'risk_decisions'), 0),
                coalesce((SELECT seq FROM heads WHERE stream = 'orders'), 0),
                coalesce((SELECT seq FROM heads WHERE stream = 'order_results'), 0),
                coalesce((SELECT (extract(epoch FROM heads.ts - begun.ts) * 1000)::bigint
                    FROM heads, begun WHERE stream = 'risk_decisions'), 0),
                coalesce((SELECT (extract(epoch FROM heads.ts - answered.ts) * 1000)::bigint
                    FROM heads, answered WHERE stream = 'order_results'), 0),
                (SELECT coalesce(sum(h.seq - coalesce(o.seq, 0)), 0)::bigint FROM heads h
                    LEFT JOIN consumer_offset o ON o.stream = h.stream AND o.consumer = 'cdb_writer')
            """)
    }
}
