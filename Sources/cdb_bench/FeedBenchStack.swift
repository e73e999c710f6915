import CoreModels
import EventSchema
import Glibc
import PrivateServers
import RedisBus
import ServiceKit
import WireFormats

/// mexc_sim, cdb_ws and a Redis of their own: what cdb_ws costs is not mixed with anything else.
final class FeedBenchStack {
    private let directory: String
    private let redis: PrivateRedis
    private let publisher: RedisPublisher
    private var processes: [ChildProcess] = []
    private let port: UInt16
    private var accounts: Int64 = 0

    /// Ready when this returns.
    init(contracts: Int) throws {
        directory = try BenchStack.makeDirectory()
        let redis = try PrivateRedis.start(directory: directory + "/redis", password: "bench")
        self.redis = redis
        publisher = RedisPublisher(
            settings: RedisSettings(port: Int(redis.port), password: redis.password))
        port = try LoopbackPort.free()
        let exchange = try LoopbackPort.free()
        let environment = [
            "PATH": "/usr/bin:/bin", "REDIS_PORT": "\(redis.port)",
            "REDIS_PASSWORD": redis.password, "REDIS_SOCKET": redis.socketPath ?? "",
            "CDB_WS_PORT": "\(port)", "MEXC_WS_URL": "ws://127.0.0.1:\(exchange)/edge",
            "MEXC_REST_URL": "http://127.0.0.1:\(exchange)",
        ].filter { !$0.value.isEmpty }
        try start("mexc_sim", ["--port", "\(exchange)", "--contracts", "\(contracts)"], [:])
        try start("cdb_ws", [], environment)
        let isReady = Bench.wait(seconds: 60) { page("/readyz")?.status == 200 }
        guard isReady else {
            throw BenchStack.Failure(
                description: "cdb_ws is not ready:\n" + Files.tail(directory + "/cdb_ws.log"))
        }
    }

    func stop() {
        for process in processes.reversed() { _ = process.stop() }
        redis.stop()
        Files.removeTree(directory)
    }

    private func start(
        _ name: String, _ words: [String], _ environment: [String: String]
    ) throws {
        var command = Command(
            try BenchStack.besideUs(name), words,
            environment: ProcessEnvironment.current.merging(environment) { $1 })
        command.output = .file("\(directory)/\(name).log")
        command.whenParentEnds = .kill
        processes.append(try ChildProcess.start(command))
    }

    /// Tells cdb_ws on the bus that these are held.
    func hold(_ symbols: [Symbol]) throws {
        accounts += 1
        let positions = symbols.map {
            Account.Position(
                symbol: $0, quantity: Quantity(1), averageEntryPrice: Price(1),
                lastPrice: Price(1), unrealized: .zero)
        }
        let account = Account(
            envelope: Envelope(sequence: accounts, id: Stream.account.id(accounts)), equity: .zero,
            cash: .zero,
            exposure: .zero, inFlight: .zero, realizedToday: .zero, unrealized: .zero,
            dailyPnL: .zero, drawdownPct: .zero, dayStartEquity: .zero, positions: positions,
            trading: "ACTIVE", timestamp: SystemClock.now())
        publisher.service(SystemClock.monotonicMilliseconds)
        publisher.publish(Channel.account.rawValue, AccountCodec.encode(account))
        publisher.flush(within: 1_000)
    }

    // MARK: - What cdb_ws says

    func metrics() throws -> MetricsSample {
        MetricsSample(String(decoding: try body("/metrics"), as: UTF8.self))
    }

    func document(_ path: String) throws -> Value {
        try JSONDocument.parse(try body(path), limit: 1 << 20)
    }

    private func body(_ path: String) throws -> [UInt8] {
        guard let reply = page(path) else {
            throw BenchStack.Failure(description: "cdb_ws does not answer \(path)")
        }
        return reply.body
    }

    private func page(_ path: String) -> (status: Int, body: [UInt8])? {
        do throws(HTTPClientError) {
            let reply = try HTTPClient().send("GET", "http://127.0.0.1:\(port)\(path)")
            return (reply.status, reply.body)
        } catch {
            return nil  // It does not listen yet.
        }
    }
}
