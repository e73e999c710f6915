import CoreModels
import Glibc
import Ledger
import PrivateServers
import RedisBus
import ServiceKit
import TestKit
import Testing
import WireFormats

extension EndToEnd {
    /// A recorded market leads to the decisions that the market itself led to.
    @Suite("The replay of a recording")
    struct RecordedReplayTests {
        static let environment = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "CDB_CLOCK": "market",
            "SIGNAL_MIN_VOLUME": "50000",
        ]
        static let streams: [CoreModels.Stream] = [
            .signals, .riskDecisions, .orders, .orderResults, .account,
        ]

        /// Trades of three hours that rise and fall a lot.
        private static func trades() -> String {
            var random = DeterministicRandom(seed: 5)
            var prices = [4_500_000, 300_000, 15_000]
            var drifts = [0, 0, 0]
            var text = "ts_ms,symbol,price,qty\n"
            for second in 0..<10_800 {
                let place = random.number(in: 0...2)
                if random.number(in: 0...99) == 0 { drifts[place] = random.number(in: 0...10) - 5 }
                let step = drifts[place] + random.number(in: 0...8) - 4
                prices[place] = max(100, prices[place] * (10_000 + step) / 10_000)
                let price = prices[place]
                text += "\(1_770_000_000_000 + second * 1000),\(["BTC", "ETH", "SOL"][place])USDT,"
                text += "\(price / 100).\(price / 10 % 10)\(price % 10),"
                text += "\(4_500_000 / price + 1).5\n"
            }
            return text
        }

        @Test("gives the same market_data and the same decisions, but for the feed's name")
        func sameDecisions() throws {
            let directory = try TemporaryDirectory()
            let data = directory.file("trades.csv")
            try Files.write(Self.trades(), to: data)

            let live = try QuietStack(directory.file("live"), Self.environment)
            let recorder = try live.record()
            try live.replay([data])
            recorder.signal(SIGTERM)
            #expect(recorder.wait(seconds: 30) == .exited(0))
            let files = Files.entries(of: "\(live.path)/recordings").filter {
                $0.hasSuffix(".zst")
            }.sorted()
            // Three hours of the market, the first one begun at half past two.
            #expect(files.count == 4)
            let expected = try live.payloads(Self.streams)
            let market = live.heard
            try live.end()
            try expectCheckedDay(live, expected)

            let again = try QuietStack(directory.file("again"), Self.environment)
            let recordings = files.map { "\(live.path)/recordings/\($0)" }
            try again.replay(recordings)
            #expect(again.heard.count == market.count)
            #expect(market.count > 10_000)
            #expect(again.feed != live.feed)
            for (found, wanted) in zip(again.heard, market) {
                try #require(found == live.renamed(wanted, to: again.feed))
            }
            let found = try again.payloads(Self.streams)
            for (stream, payloads) in expected {
                #expect(payloads.count > 10, "\(stream.rawValue)")
                #expect(found[stream]?.count == payloads.count, "\(stream.rawValue)")
                let renamed = payloads.map { live.renamed($0, to: again.feed) }
                let different = zip(found[stream] ?? [], renamed).first { $0 != $1 }
                #expect(different == nil, "\(stream.rawValue)")
            }
            try again.end()

            // The backtest of a recording is its replay, byte for byte.
            let out = directory.file("report")
            let backtest = try Programs.run(
                "cdb", ["backtest", "--out", out, "--data"] + recordings,
                environment: Self.environment)
            #expect(backtest.status == .exited(0), "\(backtest.output)")
            for stream in Self.streams where stream != .account {
                let bytes = try Files.read("\(out)/\(stream.rawValue).jsonl")
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                #expect(lines.count == found[stream]?.count, "\(stream.rawValue)")
                let different = zip(lines, found[stream] ?? []).first { $0 != $1 }
                #expect(different == nil, "\(stream.rawValue)")
            }
        }

        /// The day is run again from its recording, whole and from the middle on.
        private func expectCheckedDay(
            _ live: QuietStack, _ expected: [CoreModels.Stream: [String]]
        ) throws {
            for from in ["2026-02-02", "2026-02-02T04:10:00Z"] {
                let check = try Programs.run(
                    "cdb",
                    ["replay-day", from, "2026-02-03", "--check", "--json", "--dir", live.path],
                    environment: Self.environment)
                #expect(check.status == .exited(0), "\(check.output)")
                let last = check.output.split(separator: "\n").last ?? "null"
                let report = try JSONDocument.parse(Array(last.utf8), limit: 1 << 20)
                #expect(report["lock_step"].flag == true)
                for stream in Self.streams {
                    let equal = report["equal"][stream.rawValue].integer ?? 0
                    let all = Int64(expected[stream]?.count ?? 0)
                    #expect(from == "2026-02-02" ? equal == all : equal > 0 && equal < all)
                }
            }
        }
    }
}

/// A stack of `cdb up --feed none`, and all market data on its bus.
private final class QuietStack {
    let path: String
    /// Every market_data as it was published; a replay sends some again when an answer is late.
    private(set) var heard: [String] = []
    private var known: Set<String> = []
    private let environment: [String: String]
    private let variables: [String: String]
    private let subscriber: RedisSubscriber

    init(_ path: String, _ environment: [String: String]) throws {
        self.path = path
        self.environment = environment
        let up = try Programs.run(
            "cdb", ["up", "--feed", "none", "--dir", path, "--for", "600", "--detach"],
            environment: environment)
        try #require(up.status == .exited(0), "\(up.output)")
        var variables: [String: String] = [:]
        for line in String(decoding: try Files.read("\(path)/stack.env"), as: UTF8.self)
            .split(separator: "\n")
        {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        }
        self.variables = variables
        subscriber = RedisSubscriber(
            settings: RedisSettings(
                port: Int(variables["REDIS_PORT", default: ""]) ?? 0,
                password: variables["REDIS_PASSWORD"]), channels: ["market_data"])
        let isSubscribed = eventually {
            listen()
            return subscriber.isSubscribed
        }
        try #require(isSubscribed)
    }

    deinit {
        do { try end() } catch { Issue.record(error) }
    }

    /// Harmless when done twice.
    func end() throws {
        _ = try Programs.run("cdb", ["down", "--dir", path], environment: environment)
    }

    private func listen() {
        subscriber.service(SystemClock.monotonicMilliseconds)
        subscriber.receive(limit: 100_000) { _, bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if known.insert(text).inserted { heard.append(text) }
        }
    }

    private func start(_ words: [String], log: String) throws -> ChildProcess {
        var command = Command(
            try Programs.path("cdb"), words + ["--dir", path], environment: environment)
        command.output = .file(log)
        command.whenParentEnds = .kill
        return try ChildProcess.start(command)
    }

    /// A `cdb record` that records.
    func record() throws -> ChildProcess {
        let log = "\(path)/record.log"
        let recorder = try start(["record"], log: log)
        let isRecording = try eventually {
            guard Files.exists(log) else { return false }
            return String(decoding: try Files.read(log), as: UTF8.self).contains("recording the")
        }
        try #require(isRecording)
        return recorder
    }

    /// Plays files to their end.
    func replay(_ files: [String]) throws {
        let log = "\(path)/replay.log"
        let replay = try start(["replay", "--data"] + files, log: log)
        let hasEnded = eventually(seconds: 300) {
            listen()
            return !replay.isRunning
        }
        listen()
        try #require(hasEnded && replay.exitStatus == .exited(0), "\(Files.tail(log))")
    }

    /// `replay-…`, of the first message.
    var feed: String {
        let words = heard.first?.split(separator: "\"") ?? []
        return String(words.first { $0.hasPrefix("replay-") } ?? "")
    }

    func renamed(_ text: String, to other: String) -> String {
        text.split(separator: feed, omittingEmptySubsequences: false).joined(separator: other)
    }

    /// The events of streams as the ledger holds them.
    func payloads(_ streams: [CoreModels.Stream]) throws -> [CoreModels.Stream: [String]] {
        let connection = try PostgresConnection(
            PostgresSettings(
                host: "127.0.0.1", port: Int(variables["POSTGRES_PORT", default: ""]) ?? 0,
                user: variables["POSTGRES_USER", default: ""],
                password: variables["POSTGRES_PASSWORD", default: ""],
                database: variables["POSTGRES_DB", default: ""], applicationName: "record-test"))
        defer { connection.close() }
        let question = SQLStatement(
            "record_payloads", "SELECT payload::text FROM ledger WHERE stream = $1 ORDER BY seq")
        var payloads: [CoreModels.Stream: [String]] = [:]
        for stream in streams {
            let result = try connection.run(question(.text(stream.rawValue)))
            payloads[stream] = (0..<result.rowCount).map { result.text($0, 0) }
        }
        return payloads
    }
}
