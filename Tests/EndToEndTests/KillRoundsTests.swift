import CoreModels
import Glibc
import Ledger
import PrivateServers
import TestKit
import Testing

extension EndToEnd {
    /// "A replay survives `kill -9` of any service and of Redis and Postgres" (docs/DELIVERY.md): the
    /// same market, once undisturbed and once under fire, must come to the same bytes.
    @Suite("Kill rounds")
    struct KillRoundsTests {
        /// Kills per run; `CDB_KILL_ROUNDS` sets another number.
        static let rounds = ProcessEnvironment.current["CDB_KILL_ROUNDS"].flatMap { Int($0) } ?? 12
        static let seed =
            ProcessEnvironment.current["CDB_KILL_SEED"].flatMap { UInt64($0) } ?? 20_260_105

        static let settings = [
            "CDB_CLOCK": "market", "SIGNAL_THRESHOLD_PCT": "1.5", "SIGNAL_COOLDOWN_SEC": "60",
            "INITIAL_CAPITAL": "10000", "PAPER_LATENCY_MS": "1", "DATA_STALE_TIMEOUT_SEC": "120",
            "MAX_DAILY_DRAWDOWN_PCT": "0.20", "SIGNAL_MIN_VOLUME": "1000",
        ]

        @Test("a replay with kill -9 of everything comes to the same bytes as an undisturbed one")
        func killed() throws {
            let market = try RecordedWalk(seed: Self.seed, symbols: 6, minutes: 720)
            let calm = try Stack(settings: Self.settings)
            try calm.play(market)
            try calm.settleAndStop()
            let expected = try Outcome(calm)
            #expect(expected.counts.allSatisfy { $0 > 0 }, "a dull market proves nothing")

            let shaken = try Stack(settings: Self.settings)
            var hits = 0
            try shaken.play(market) { replay in
                hits = try shaken.fire(
                    rounds: Self.rounds, seed: Self.seed, messages: market.messages, replay)
            }
            #expect(hits >= Self.rounds / 2, "most kills must fall into the replay")
            try shaken.settleAndStop()
            let outcome = try Outcome(shaken)
            for (name, rows) in expected.tables {
                let difference = Outcome.firstDifference(rows, outcome.tables[name] ?? [])
                #expect(difference == nil, "\(name), seed \(Self.seed)")
            }
            #expect(try shaken.verify().violation == nil)
        }
    }
}

/// All that a replay decided, as rows that can be compared.
struct Outcome {
    private(set) var tables: [String: [String]] = [:]

    private static let questions = [
        "ledger": """
        SELECT stream, seq, payload::text FROM ledger
        WHERE stream IN ('signals', 'risk_decisions', 'orders', 'order_results', 'account')
        ORDER BY stream, seq
        """,
        "trades": "SELECT * FROM trades ORDER BY trade_id",
        "fills": "SELECT * FROM fills ORDER BY fill_id",
        "positions": "SELECT * FROM positions ORDER BY symbol",
        "balances": "SELECT * FROM balances ORDER BY event_id",
    ]

    init(_ stack: Stack) throws {
        for (name, question) in Self.questions { tables[name] = try stack.rows(question) }
    }

    /// Rows of the ledger, trades, fills and balances.
    var counts: [Int] {
        ["ledger", "trades", "fills", "balances"].map { tables[$0]?.count ?? 0 }
    }

    /// Where two results part, in words; nil when they are equal.
    static func firstDifference(_ left: [String], _ right: [String]) -> String? {
        if let index = zip(left, right).enumerated().first(where: { $1.0 != $1.1 })?.offset {
            return "row \(index):\n\(left[index])\n\(right[index])"
        }
        return left.count == right.count ? nil : "\(left.count) rows against \(right.count)"
    }
}

/// Candle files of a seeded random walk, lively enough for many signals.
final class RecordedWalk {
    let files: [String]
    /// Messages of the replay: one per candle.
    let messages: Int
    private let directory: TemporaryDirectory

    init(seed: UInt64, symbols: Int, minutes: Int) throws {
        directory = try TemporaryDirectory()
        var random = DeterministicRandom(seed: seed)
        let names = ["BTC", "ETH", "SOL", "XRP", "ADA", "DOGE", "LTC", "DOT"].prefix(symbols)
        messages = names.count * minutes
        var files: [String] = []
        for name in names {
            let path = directory.file("\(name)USDT-1m-2026-01-05.csv")
            try Files.write(Self.candles(minutes, &random), to: path)
            files.append(path)
        }
        self.files = files
    }

    /// In the layout of Binance's public klines. Prices in cents.
    private static func candles(_ minutes: Int, _ random: inout DeterministicRandom) -> String {
        var text = ""
        var price = random.number(in: 500_000...900_000)
        for minute in 0..<minutes {
            let open = price
            // Some minutes run away, so that thresholds are crossed and stops are reached.
            let share = random.chance(percent: 3) ? 250 : 25
            price += price * random.number(in: -share...share) / 10_000
            let time = 1_767_571_200_000 + minute * 60_000
            let prices = [open, max(open, price), min(open, price), price].map {
                "\($0 / 100).\($0 % 100 < 10 ? "0" : "")\($0 % 100)"
            }
            text += "\(time),\(prices.joined(separator: ",")),900.0,\(time + 59_999),"
            text += "\(900 * price / 100).0,100,450.0,1000000.0,0\n"
        }
        return text
    }
}

// MARK: - The replay

extension Stack {
    /// Plays the market into the services through `cdb replay`, to its end.
    ///
    /// - Parameter meanwhile: runs beside it.
    fileprivate func play(
        _ market: RecordedWalk, _ meanwhile: (ChildProcess) throws -> Void = { _ in }
    ) throws {
        var command = Command(
            try Programs.path("cdb"),
            ["replay"] + market.files.flatMap { ["--data", $0] } + ["--speed", "0"],
            environment: environment)
        command.workingDirectory = directoryPath
        command.output = .file(file("replay.log"))
        command.whenParentEnds = .kill
        let replay = try ChildProcess.start(command)
        defer { replay.stop(signal: SIGKILL) }
        try meanwhile(replay)
        try wait("the replay ends", seconds: 240) { !replay.isRunning }
        guard replay.exitStatus == .exited(0) else {
            throw NotSeen(description: "cdb replay failed:\n" + Files.tail(file("replay.log")))
        }
    }

    fileprivate func settleAndStop() throws {
        try expectWhole()
        try stopAll()
    }

    /// Kills one of the six after the other, each time when the replay has come a random bit
    /// further, and starts it again.
    ///
    /// - Returns: how many died before the replay came to its end.
    fileprivate func fire(
        rounds: Int, seed: UInt64, messages: Int, _ replay: ChildProcess
    ) throws -> Int {
        var hits = 0
        var random = DeterministicRandom(seed: seed)
        let stride = max(2, messages / (rounds + 2))
        var target = 0
        for _ in 0..<rounds {
            target += random.number(in: 1...(2 * stride - 1))
            try wait("the replay comes to message \(target)", seconds: 120) {
                try replayed >= min(target, messages - 1) || !replay.isRunning
            }
            if replay.isRunning { hits += 1 }
            switch random.number(in: 0...5) {
            case 0: try servers.redis.killAndRestart()
            case 1: try servers.postgres.killAndRestart()
            case let index: try self[Self.everything[index - 2]].restart()
            }
        }
        return hits
    }

    /// The furthest message that a consumer has committed.
    private var replayed: Int {
        get throws {
            Int(
                try number(
                    """
                    SELECT coalesce(max(seq), 0) FROM consumer_offset
                    WHERE stream LIKE 'market:replay-%'
                    """))
        }
    }
}

extension PrivateRedis {
    fileprivate func killAndRestart() throws {
        kill()
        try restart()
    }
}

extension PrivatePostgres {
    fileprivate func killAndRestart() throws {
        kill()
        try restart()
    }
}
