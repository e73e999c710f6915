import CoreModels
import Glibc
import Ledger
import MarketFiles
import MarketSources
import PrivateServers
import ServiceKit
import TestKit
import WireFormats

/// A day of production: four services on the wall clock, a market that rises and falls, and
/// `cdb record` beside them.
final class RecordedDay {
    static let symbols = ["ADA_USDT", "BTC_USDT", "ETH_USDT", "SOL_USDT"]

    let stack: Stack
    let recordings: String
    private var recorder: ChildProcess?
    private var random: DeterministicRandom
    private var prices = [1_000, 4_500_000, 300_000, 15_000]

    init(seed: UInt64, settings: [String: String] = [:]) throws {
        random = DeterministicRandom(seed: seed)
        stack = try Stack(
            settings: ["STOP_LOSS_PCT": "0.005", "MAX_EXPOSURE_PCT": "1.0"].merging(settings) { $1 }
        )
        recordings = stack.file("recorded")
        let log = stack.file("record.log")
        var command = Command(
            try Programs.path("cdb"), ["record", "--out", recordings],
            environment: stack.environment)
        command.workingDirectory = stack.directoryPath
        command.output = .file(log)
        command.whenParentEnds = .kill
        recorder = try ChildProcess.start(command)
        try stack.wait("the recorder records") {
            guard Files.exists(log) else { return false }
            return String(decoding: try Files.read(log), as: UTF8.self).contains("recording the")
        }
    }

    deinit {
        recorder?.signal(SIGKILL)
        _ = recorder?.wait(seconds: 10)
    }

    /// Rounds of some messages each, all on their way at once; what they led to is waited for.
    func trade(rounds: Int) throws {
        for _ in 0..<rounds {
            var messages: [[UInt8]] = []
            for _ in 0..<random.number(in: 1...12) {
                let place = random.number(in: 0...3)
                prices[place] += prices[place] * (random.number(in: 0...40) - 20) / 10_000
                let change = ["0.1", "0.1", "0.6", "2.5", "-0.7"][random.number(in: 0...4)]
                messages.append(
                    Array(
                        stack.message(
                            Self.symbols[place],
                            price: "\(prices[place] / 100).\(prices[place] % 10)",
                            change: change
                        ).utf8))
            }
            try stack.publish("market_data", messages)
            try settle()
        }
    }

    /// Waits until every signal is decided and every order has its result, booked.
    func settle() throws {
        try stack.wait("all is decided and filled") {
            try stack.number(
                """
                SELECT (SELECT count(*) FROM ledger WHERE stream = 'signals')
                    - (SELECT count(*) FROM ledger WHERE stream = 'risk_decisions'
                        AND payload->>'signal_id' IS NOT NULL)
                    + (SELECT count(*) FROM ledger WHERE stream = 'orders')
                    - (SELECT count(*) FROM ledger WHERE stream = 'account' AND cause IS NOT NULL)
                """) == 0
        }
    }

    /// Waits until all is done and a while has passed; a moment within that while.
    func pause() throws -> Timestamp {
        try settle()
        let border = SystemClock.now().advanced(by: 100)
        try stack.wait("a pause") { SystemClock.now() > border.advanced(by: 100) }
        return border
    }

    /// Ends the recorder and the services.
    func end() throws {
        // What the recorder has not taken yet is no part of the recording.
        recorder?.signal(SIGTERM)
        guard recorder?.wait(seconds: 30) == .exited(0) else {
            throw Stack.NotSeen(description: "the recorder did not end well")
        }
        try stack.stopAll()
    }

    /// A command about this day, from before it to after it.
    func run(
        _ words: [String], database: String? = nil, recordings: String? = nil
    ) throws -> (status: ExitStatus, output: String) {
        var environment = stack.environment
        if let database { environment["POSTGRES_DB"] = database }
        return try Programs.run(
            "cdb", words + ["--data", recordings ?? self.recordings], environment: environment,
            in: stack.directoryPath)
    }

    /// What a command with `--json` said: its last line, of at most `limit` bytes.
    static func report(_ output: String, limit: Int = 1 << 20) throws -> Value {
        let last = output.split(separator: "\n").last ?? "null"
        return try JSONDocument.parse(Array(last.utf8), limit: limit)
    }

    func check(
        database: String? = nil, recordings: String? = nil, json: Bool = true
    ) throws -> (status: ExitStatus, output: String) {
        let today = SystemClock.now().startOfDay
        return try run(
            ["replay-day", ISO8601.text(today), ISO8601.text(today.advanced(by: 2 * 86_400_000))]
                + ["--check"] + (json ? ["--json"] : []),
            database: database, recordings: recordings)
    }

    /// When the recorder received each message, by its number.
    func received() throws -> [Int64: Timestamp] {
        var times: [Int64: Timestamp] = [:]
        _ = try changedRecording { _, message in
            if let number = message.data.reference?.sequence { times[number] = message.receivedAt }
            return nil
        }
        return times
    }

    /// The recording as one plain file, with every message as `change` leaves it; nil drops it.
    func changedRecording(
        _ change: (Int, RecordedMessage) -> RecordedMessage?
    ) throws -> String {
        var bytes = Array((RecordedMessage.header + "\n").utf8)
        var count = 0
        for name in Files.entries(of: recordings).filter({ $0.hasSuffix(".zst") }).sorted() {
            let path = "\(recordings)/\(name)"
            var recording = try Recording(name: path, source: StoredFileSource.open(path))
            while let message = try recording.next() {
                change(count, message)?.append(to: &bytes)
                count += 1
            }
        }
        let path = stack.file("changed.csv")
        try Files.write(String(decoding: bytes, as: UTF8.self), to: path)
        return path
    }
}
