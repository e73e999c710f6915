import CoreModels
import Glibc
import PrivateServers
import RedisBus
import ServiceKit
import TestKit
import WireFormats

/// A Redis of a test's own, somebody who publishes on it, and `cdb record`.
final class RecordedBus {
    let redis: PrivateRedis
    /// Where the recordings go.
    let output: String
    private(set) var recorder: ChildProcess?
    private let directory: TemporaryDirectory
    private let publisher: RedisPublisher
    private var sequence: Int64 = 0
    private var runs = 0

    init(output: String? = nil) throws {
        directory = try TemporaryDirectory()
        self.output = output ?? directory.file("recordings")
        redis = try PrivateRedis.start(
            directory: directory.file("redis"), password: "redis secret")
        publisher = RedisPublisher(
            settings: RedisSettings(port: Int(redis.port), password: redis.password))
    }

    deinit {
        recorder?.signal(SIGKILL)
        _ = recorder?.wait(seconds: 10)
        redis.stop()
    }

    private var log: String { directory.file("record-\(runs).log") }

    /// All it said so far.
    func said() throws -> String {
        Files.exists(log) ? String(decoding: try Files.read(log), as: UTF8.self) : ""
    }

    func timesSaid(_ text: String) throws -> Int {
        try said().split(separator: text, omittingEmptySubsequences: false).count - 1
    }

    /// Starts `cdb record`, and waits until it records.
    func record(_ words: [String] = [], waits: Bool = true) throws {
        runs += 1
        let environment = [
            "PATH": "/usr/bin:/bin", "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "\(redis.port)",
            "REDIS_PASSWORD": redis.password,
        ]
        var command = Command(
            try Programs.path("cdb"), ["record", "--json", "--out", output] + words,
            environment: environment)
        command.workingDirectory = directory.path
        command.output = .file(log)
        command.whenParentEnds = .kill
        recorder = try ChildProcess.start(command)
        if waits { try wait("recording") { try said().contains("recording the stack's Redis") } }
    }

    struct NotSeen: Error, CustomStringConvertible {
        let description: String
    }

    func wait(_ what: String, until condition: () throws -> Bool) throws {
        guard try eventually(seconds: 30, condition) else {
            throw NotSeen(description: "not seen: \(what)\n" + (try said()))
        }
    }

    /// Publishes messages one second of the market apart, and waits until Redis has them.
    func publish(_ count: Int, skipping: Int64 = 0) throws {
        sequence += skipping
        let messages = (0..<count).map { _ in
            sequence += 1
            let time = 1_767_571_200_000 + sequence * 1000
            return """
                {"type":"market_data","symbol":"BTC_USDT","timestamp":\(time),\
                "price":\(45_000 + sequence),"volume":1000,"pct_change":0.5,"feed":"test-1",\
                "seq":\(sequence)}
                """
        }
        try publish(messages)
    }

    func publish(_ messages: [String]) throws {
        try wait("the test reaches Redis") {
            publisher.service(SystemClock.monotonicMilliseconds)
            publisher.flush()
            return publisher.isConnected
        }
        for message in messages { publisher.publish("market_data", Array(message.utf8)) }
        guard publisher.flush(within: 10_000) else {
            throw NotSeen(description: "Redis did not confirm")
        }
    }

    /// Names of the files with this ending, in order of time.
    func files(_ ending: String) -> [String] {
        Files.entries(of: output).filter { $0.hasSuffix(ending) }.sorted()
    }

    /// A member of every manifest, the oldest first.
    func manifests(_ name: String) throws -> [Int64] {
        try files(".json").compactMap {
            try JSONDocument.parse(try Files.read("\(output)/\($0)"))[name].integer
        }
    }

    /// Ends the recorder; its report.
    func stop(_ signal: Int32 = SIGTERM) throws -> (status: ExitStatus?, report: Value) {
        recorder?.signal(signal)
        let status = recorder?.wait(seconds: 30)
        let last = try said().split(separator: "\n").last ?? "null"
        guard last.hasPrefix("{") else { return (status, .null) }
        return (status, try JSONDocument.parse(Array(last.utf8), limit: 1 << 20))
    }
}
