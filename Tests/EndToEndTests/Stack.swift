import CoreModels
import Glibc
import Ledger
import PrivateServers
import RedisBus
import ServiceKit
import TestKit

/// The four services as processes on the shared servers, with a database of their own.
final class Stack {
    static let token = "operator-token"
    /// Names in the order the services are started.
    static let everything = Service.allCases

    let servers: Servers
    let database: String
    /// The name of this test's feed.
    let feed: String
    private(set) var services: [Service: RunningService] = [:]
    /// Second copies and the like; ended with the stack.
    private var others: [RunningService] = []
    private let directory: TemporaryDirectory
    private let settings: [String: String]
    private var connection: PostgresConnection?
    private var publisher: RedisPublisher
    var sent: Int64 = 0

    /// - Parameters:
    ///   - database: nil makes a new one.
    ///   - settings: variables beside the addresses; they replace the tests' own choice.
    ///   - servers: nil takes those that the tests share.
    ///   - revives: whether stopped servers are started first.
    ///   - waits: whether every service has to be ready before the test begins.
    init(
        _ started: [Service] = Stack.everything, settings: [String: String] = [:],
        servers: Servers? = nil, database: String? = nil, revives: Bool = true, waits: Bool = true
    ) throws {
        self.servers = try servers ?? Servers.shared()
        let servers = self.servers
        if revives { try servers.revive() }
        self.database = try database ?? servers.freshDatabase()
        self.settings = settings
        feed = "feed-\(self.database)"
        directory = try TemporaryDirectory()
        publisher = RedisPublisher(settings: Self.redisSettings(servers))
        for service in started { try start(service) }
        if waits { try waitUntilReady() }
    }

    deinit {
        for service in services.values + others { service.kill() }
        connection?.close()
    }

    // MARK: Services

    func start(_ service: Service) throws {
        services[service] = try makeCopy(of: service)
    }

    /// One more process of a service.
    func startSecond(_ service: Service, _ settings: [String: String] = [:]) throws
        -> RunningService
    {
        let copy = try makeCopy(of: service, settings, name: "second-\(service.rawValue)")
        others.append(copy)
        return copy
    }

    /// Another program of ours, which ends with the stack.
    func startOther(_ name: String, _ environment: [String: String]) throws -> RunningService {
        let program = try RunningService(
            name, environment: environment, port: try LoopbackPort.free(),
            log: directory.file("\(name).log"))
        others.append(program)
        return program
    }

    private func makeCopy(
        of service: Service, _ extra: [String: String] = [:], name: String? = nil
    ) throws -> RunningService {
        try RunningService(
            service.rawValue, environment: environment.merging(extra) { $1 },
            port: try LoopbackPort.free(), log: directory.file("\(name ?? service.rawValue).log"))
    }

    subscript(service: Service) -> RunningService {
        guard let running = services[service] else {
            preconditionFailure("\(service.rawValue) is not part of this stack")
        }
        return running
    }

    /// All that the services and `cdb` are told. Positions are small, so that no limit interferes
    /// with some dozens of trades.
    var environment: [String: String] {
        [
            "PATH": "/usr/bin:/bin", "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": "\(servers.redis.port)",
            "REDIS_PASSWORD": servers.redis.password, "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": "\(servers.postgres.port)", "POSTGRES_USER": servers.postgres.user,
            "POSTGRES_PASSWORD": servers.postgres.password, "POSTGRES_DB": database,
            "CDB_OPERATOR_TOKEN": Self.token, "ALLOW_INJECT": "true", "SIGNAL_COOLDOWN_SEC": "0",
            "SIGNAL_THRESHOLD_PCT": "0.4", "INITIAL_CAPITAL": "100000",
            "DATA_STALE_TIMEOUT_SEC": "120",
        ].merging(settings) { $1 }
    }

    var allRun: Bool { services.values.allSatisfy(\.isRunning) }

    var allReady: Bool { services.values.allSatisfy(\.isReady) }

    func waitUntilReady() throws {
        try wait("every service is ready") { allReady }
    }

    func file(_ name: String) -> String { directory.file(name) }
    var directoryPath: String { directory.path }

    // MARK: Waiting

    struct NotSeen: Error, CustomStringConvertible {
        let description: String
    }

    /// Waits for a condition; what the services said last is part of the error.
    func wait(_ what: String, seconds: Double = 60, until condition: () throws -> Bool) throws {
        guard try eventually(seconds: seconds, condition) else {
            let tails = (services.values + others).map { service in
                let state = service.exitStatus.map { "ended: \($0)" } ?? "runs"
                return "-- \(service.name) (\(state))\n"
                    + Files.tail(service.log, lines: 6)
            }
            throw NotSeen(
                description: "not seen within \(seconds) s: \(what)\n"
                    + tails.joined(separator: "\n"))
        }
    }

    // MARK: The database

    func connect() throws -> PostgresConnection {
        try PostgresConnection(servers.settings(database))
    }

    /// One number; nil while the database cannot be asked.
    func number(_ question: String) throws -> Int64 {
        try ask { try $0.run(Self.statement("SELECT (\(question))::bigint")).integer(0, 0) }
    }

    /// The rows of a question, each as one text.
    func rows(_ question: String) throws -> [String] {
        try ask { connection in
            let result = try connection.run(Self.statement("SELECT r::text FROM (\(question)) r"))
            return (0..<result.rowCount).map { result.text($0, 0) }
        }
    }

    /// As the superuser: what no service may do.
    func execute(_ script: String) throws {
        try ask { try $0.execute(script) }
    }

    /// Postgres tells prepared statements apart by 63 bytes only.
    private static func statement(_ text: String) -> SQLCall {
        SQLStatement("test_\(UInt(bitPattern: text.hashValue))", text)()
    }

    /// A session that a fault has broken is made again once.
    private func ask<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
        if let connection, connection.isOpen {
            do {
                return try body(connection)
            } catch let error as PostgresError where error.isRetryable && !connection.isOpen {
                self.connection = nil
            }
        }
        let fresh = try connect()
        connection = fresh
        return try body(fresh)
    }

    /// A database can only be copied while nobody is in it.
    func dropConnection() {
        connection?.close()
        connection = nil
    }

    // MARK: The bus

    private static func redisSettings(_ servers: Servers) -> RedisSettings {
        RedisSettings(port: Int(servers.redis.port), password: servers.redis.password)
    }

    /// A subscriber that hears these channels from now on.
    func listen(to channels: [String]) throws -> RedisSubscriber {
        let subscriber = RedisSubscriber(
            settings: Self.redisSettings(servers), channels: channels)
        try wait("the test is subscribed") {
            subscriber.service(SystemClock.monotonicMilliseconds)
            subscriber.receive(limit: 100) { _, _ in }
            return subscriber.isSubscribed
        }
        return subscriber
    }

    /// Publishes messages and waits until Redis has confirmed all of them.
    func publish(_ channel: String, _ messages: [[UInt8]]) throws {
        try wait("the test reaches Redis") {
            publisher.service(SystemClock.monotonicMilliseconds)
            publisher.flush()
            return publisher.isConnected
        }
        let before = publisher.confirmed
        for message in messages { publisher.publish(channel, message) }
        guard publisher.flush(within: 30_000), publisher.confirmed - before == messages.count else {
            throw NotSeen(description: "Redis did not confirm what was published on \(channel)")
        }
    }

    func publish(_ channel: String, _ message: String) throws {
        try publish(channel, [Array(message.utf8)])
    }
}

// MARK: - Ends and commands

extension Stack {
    /// Asks all services to end, as `cdb up` does, and waits.
    @discardableResult
    func stopAll(seconds: Double = 20) throws -> [ExitStatus] {
        for service in services.values { service.process.signal(SIGTERM) }
        try wait("every service has ended", seconds: seconds) {
            services.values.allSatisfy { !$0.isRunning }
        }
        dropConnection()
        return services.values.compactMap(\.exitStatus)
    }

    /// Runs the operator's command to its end.
    func cdb(_ words: String...) throws -> (status: ExitStatus, output: String) {
        try Programs.run("cdb", words, environment: environment, in: directoryPath)
    }

    /// The bytes of an event as the ledger holds them.
    func payload(_ stream: String, _ sequence: Int64) throws -> [UInt8] {
        let connection = try connect()
        defer { connection.close() }
        let question = SQLStatement(
            "payload", "SELECT payload FROM ledger WHERE stream = $1 AND seq = $2::bigint")
        return try connection.run(question(.text(stream), .integer(sequence))).bytes(0, 0)
    }
}
