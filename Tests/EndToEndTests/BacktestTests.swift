import CoreModels
import Ledger
import PrivateServers
import TestKit
import Testing
import WireFormats

extension EndToEnd {
    /// The backtest tells the truth: what the services decide in a replay, byte for byte.
    @Suite("A backtest as a program")
    struct BacktestProgramTests {
        /// A day of one-minute candles that rise and fall a lot, of a few symbols.
        static let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT"]
        static let streams: [CoreModels.Stream] = [
            .signals, .riskDecisions, .orders, .orderResults,
        ]

        private static func candles(_ place: Int) -> String {
            var random = DeterministicRandom(seed: UInt64(11 + place))
            var price = [4_500_000, 300_000, 15_000, 900][place]
            var drift = 0
            var text = "open_time_ms,open,high,low,close,volume_base\n"
            for minute in 0..<1_440 {
                if random.number(in: 0...19) == 0 { drift = random.number(in: 0...80) - 40 }
                let open = price
                price = max(100, price * (10_000 + drift + random.number(in: 0...40) - 20) / 10_000)
                let high = max(open, price) + random.number(in: 0...open / 500)
                let low = min(open, price) - random.number(in: 0...open / 500)
                let prices = [open, high, low, price].map {
                    "\($0 / 100).\($0 / 10 % 10)\($0 % 10)"
                }
                text += "\(1_770_000_000_000 + minute * 60_000),\(prices.joined(separator: ",")),"
                text += "\(4_500_000_000 / open * (1 + random.number(in: 0...2)))\n"
            }
            return text
        }

        private static func writeDay(_ directory: TemporaryDirectory) throws -> [String] {
            try symbols.indices.map { place in
                let path = directory.file("\(symbols[place])-1m.csv")
                try Files.write(candles(place), to: path)
                return path
            }
        }

        private static func lines(_ path: String) throws -> [String] {
            String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n").map(
                String.init)
        }

        /// The events of a stream as the ledger holds them.
        private static func payloads(
            _ connection: PostgresConnection, _ stream: CoreModels.Stream
        ) throws -> [String] {
            let question = SQLStatement(
                "backtest_payloads",
                "SELECT payload::text FROM ledger WHERE stream = $1 ORDER BY seq")
            let result = try connection.run(question(.text(stream.rawValue)))
            return (0..<result.rowCount).map { result.text($0, 0) }
        }

        private static func connect(_ directory: String) throws -> PostgresConnection {
            var variables: [String: String] = [:]
            for line in try lines("\(directory)/stack.env") {
                let parts = line.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            }
            return try PostgresConnection(
                PostgresSettings(
                    host: variables["POSTGRES_HOST", default: ""],
                    port: Int(variables["POSTGRES_PORT", default: ""]) ?? 0,
                    user: variables["POSTGRES_USER", default: ""],
                    password: variables["POSTGRES_PASSWORD", default: ""],
                    database: variables["POSTGRES_DB", default: ""],
                    applicationName: "backtest-test"))
        }

        private static func stop(_ stack: String, _ environment: [String: String]) {
            do {
                let down = try Programs.run(
                    "cdb", ["down", "--dir", stack], environment: environment)
                #expect(down.status == .exited(0), "\(down.output)")
            } catch { Issue.record(error) }
        }

        @Test(
            "decides as a replay of the same day through the whole stack, byte for byte",
            arguments: ["close", "path"])
        func sameAsReplay(candles: String) throws {
            let directory = try TemporaryDirectory()
            let files = try Self.writeDay(directory)
            let environment = [
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SIGNAL_MIN_VOLUME": "50000",
            ]
            let out = directory.file("out")
            let backtest = try Programs.run(
                "cdb",
                ["backtest", "--candles", candles, "--out", out, "--json", "--data"] + files,
                environment: environment)
            #expect(backtest.status == .exited(0), "\(backtest.output)")
            let result = try JSONDocument.parse(Array(backtest.output.utf8), limit: 1 << 20)
            let messages = try #require(result["market_data"].integer)
            #expect(messages == (candles == "path" ? 4 : 1) * 1_440 * 4 - 4)

            let stack = directory.file("stack")
            let up = try Programs.run(
                "cdb",
                ["up", "--feed", "replay", "--speed", "0", "--candles", candles, "--dir", stack]
                    + ["--for", "300", "--detach", "--data"] + files, environment: environment)
            defer { Self.stop(stack, environment) }
            #expect(up.status == .exited(0), "\(up.output)")
            let connection = try Self.connect(stack)
            defer { connection.close() }
            let handled = SQLStatement(
                "backtest_handled",
                """
                SELECT count(*) FROM consumer_offset WHERE seq = $1::bigint
                    AND stream LIKE 'market:replay-%'
                """)
            // The end of the feed has a number too. Core, risk and execution handle it.
            let isDone = try eventually(seconds: 240) {
                try connection.run(handled(.integer(messages + 1))).integer(0, 0) == 3
            }
            #expect(isDone)
            for stream in Self.streams {
                let expected = try Self.payloads(connection, stream)
                let found = try Self.lines("\(out)/\(stream.rawValue).jsonl")
                #expect(expected.count > 10, "\(stream.rawValue)")
                #expect(found.count == expected.count, "\(stream.rawValue)")
                let different = zip(found, expected).first { $0 != $1 }
                #expect(different == nil, "\(stream.rawValue)")
            }
        }

        @Test("gives the same hashes in every run, whatever the seed of the process' hash tables")
        func sameInEveryRun() throws {
            let directory = try TemporaryDirectory()
            let files = try Self.writeDay(directory)
            var results: Set<String> = []
            for environment in [[:], [:], ["SWIFT_DETERMINISTIC_HASHING": "1"]] {
                let run = try Programs.run(
                    "cdb", ["backtest", "--json", "--data"] + files, environment: environment)
                #expect(run.status == .exited(0), "\(run.output)")
                results.insert(run.output)
            }
            #expect(results.count == 1)
        }
    }
}
