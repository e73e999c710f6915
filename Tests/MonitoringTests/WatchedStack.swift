import Glibc
import PrivateServers
import TestKit

/// Everything that is watched, and the watchers: `cdb up` on `StoryMarket`, both feeds on the
/// simulated exchange with a Redis of their own, the exporters, Prometheus and Alertmanager.
final class WatchedStack {
    struct NotSeen: Error, CustomStringConvertible {
        let description: String
    }

    /// What it needs beside the project's own executables.
    static let programs = [
        "prometheus", "prometheus-alertmanager", "prometheus-redis-exporter",
        "prometheus-postgres-exporter",
    ]

    let prometheus: MonitoringServer
    let alertmanager: MonitoringServer
    private let directory: TemporaryDirectory
    private let stack: ChildProcess
    private let feedBus: PrivateRedis
    private var others: [ChildProcess] = []

    init() throws {
        directory = try TemporaryDirectory()
        feedBus = try PrivateRedis.start(
            directory: directory.file("feed-bus"), password: "redis secret")
        var addresses = try TestAddresses(
            free: [
                "cdb_ws:8000", "cdb_rest:8080", "cdb_redis_exporter:9121",
                "cdb_postgres_exporter:9187", "localhost:9090", "cdb_alertmanager:9093", "exchange",
            ])
        stack = try Self.startStack(directory)
        let environment = try Self.environment(of: stack, directory)
        for (name, variable) in [
            ("cdb_core:8001", "CDB_CORE_PORT"), ("cdb_risk:8002", "CDB_RISK_PORT"),
            ("cdb_execution:8003", "CDB_EXECUTION_PORT"), ("cdb_writer:8004", "CDB_WRITER_PORT"),
        ] {
            addresses[name] = UInt16(environment[variable] ?? "") ?? 0
        }
        try addresses.write(to: directory.path)
        alertmanager = try .alertmanager(
            MonitoringFiles.alertmanager, data: directory.file("alertmanager"),
            port: addresses["cdb_alertmanager:9093"])
        prometheus = try .prometheus(
            directory.file("prometheus.yml"), data: directory.file("prometheus"),
            port: addresses["localhost:9090"])
        try startExporters(environment, addresses)
        try startFeeds(addresses)
    }

    deinit {
        for process in others { process.signal(SIGKILL) }
        for process in others { _ = process.wait(seconds: 10) }
        // Asked, because it has a Redis and a Postgres of its own to end.
        stack.stop(seconds: 30)
        feedBus.stop()
    }

    func wait(_ what: String, seconds: Double, until condition: () throws -> Bool) throws {
        guard try eventually(seconds: seconds, pause: 100, condition) else {
            throw NotSeen(
                description: """
                    not seen within \(seconds) s: \(what)
                    -- cdb up: \(Files.tail(directory.file("up.log")))
                    -- prometheus: \(prometheus.lastWords)
                    -- alertmanager: \(alertmanager.lastWords)
                    """)
        }
    }
}

// MARK: - Starting

extension WatchedStack {
    /// A window that the waves fill, and a volatility that only the crash exceeds.
    private static let settings = [
        "PATH": "/usr/bin:/bin", "LOOKBACK_MINUTES": "1", "SIGNAL_THRESHOLD_PCT": "2",
        "SIGNAL_COOLDOWN_SEC": "10", "MAX_VOLATILITY_5M_PCT": "0.5",
    ]

    private static func startStack(_ directory: TemporaryDirectory) throws -> ChildProcess {
        try StoryMarket.write(to: directory.file("market.csv"))
        var command = Command(
            try BuiltPrograms.path("cdb"),
            [
                "up", "--dir", directory.file("stack"), "--feed", "replay", "--data",
                directory.file("market.csv"), "--speed", "\(StoryMarket.speed)", "--for", "180",
            ], environment: settings)
        command.output = .file(directory.file("up.log"))
        command.ownProcessGroup = true
        command.whenParentEnds = .terminate
        return try ChildProcess.start(command)
    }

    /// What `stack.env` says, as soon as it is there.
    private static func environment(
        of stack: ChildProcess, _ directory: TemporaryDirectory
    ) throws -> [String: String] {
        let file = directory.file("stack/stack.env")
        let isThere = eventually(seconds: 60, pause: 20) {
            Files.exists(file) || !stack.isRunning
        }
        guard isThere, stack.isRunning else {
            throw NotSeen(description: "cdb up: " + Files.tail(directory.file("up.log")))
        }
        var variables: [String: String] = [:]
        for line in try MonitoringFiles.lines(file) {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { variables[parts[0]] = parts[1] }
        }
        return variables
    }

    private func startExporters(
        _ environment: [String: String], _ addresses: TestAddresses
    ) throws {
        func value(_ name: String) -> String { environment[name] ?? "" }
        try start(
            "prometheus-redis-exporter",
            ["-web.listen-address=127.0.0.1:\(addresses["cdb_redis_exporter:9121"])"],
            [
                "REDIS_ADDR": "redis://127.0.0.1:\(value("REDIS_PORT"))",
                "REDIS_PASSWORD": value("REDIS_PASSWORD"),
            ])
        let account = "\(value("POSTGRES_USER")):\(value("POSTGRES_PASSWORD"))"
        try start(
            "prometheus-postgres-exporter",
            ["--web.listen-address=127.0.0.1:\(addresses["cdb_postgres_exporter:9187"])"],
            [
                "DATA_SOURCE_NAME": "postgresql://\(account)@127.0.0.1:\(value("POSTGRES_PORT"))/"
                    + "\(value("POSTGRES_DB"))?sslmode=disable"
            ])
    }

    private func startFeeds(_ addresses: TestAddresses) throws {
        let exchange = addresses["exchange"]
        try start(BuiltPrograms.path("mexc_sim"), ["--port", "\(exchange)"], [:])
        let environment = [
            "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "\(feedBus.port)",
            "REDIS_PASSWORD": feedBus.password, "MEXC_REST_URL": "http://127.0.0.1:\(exchange)",
            "MEXC_WS_URL": "ws://127.0.0.1:\(exchange)/edge",
            "CDB_WS_PORT": "\(addresses["cdb_ws:8000"])",
            "CDB_REST_PORT": "\(addresses["cdb_rest:8080"])",
        ]
        for name in ["cdb_ws", "cdb_rest"] {
            try start(BuiltPrograms.path(name), [], environment)
        }
    }

    private func start(
        _ program: String, _ words: [String], _ environment: [String: String]
    ) throws {
        var command = Command(
            program, words, environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 })
        let name = program.split(separator: "/").last ?? ""
        command.output = .file(directory.file("\(name).log"))
        command.ownProcessGroup = true
        command.whenParentEnds = .kill
        others.append(try ChildProcess.start(command))
    }
}
