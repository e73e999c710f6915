import CoreModels
import Glibc
import Ledger
import PrivateServers
import ServiceKit
import TestKit
import WireFormats

/// A whole stack of `cdb up` on the simulated exchange, to be broken and mended.
final class Patient {
    /// What `cdb doctor --json` says.
    struct Diagnosis {
        let exitCode: ExitStatus
        let document: Value

        var findings: [Value] { document["findings"].list ?? [] }
        var unwell: [Value] { findings.filter { $0["status"].text != "ok" } }
    }

    struct NotReady: Error, CustomStringConvertible {
        let description: String
    }

    /// Addresses and passwords, as `stack.env` has them.
    let environment: [String: String]
    /// A second database with the schema and nobody in it, whose rights may be changed.
    static let copy = "doctor_copy"
    private let directory: TemporaryDirectory
    private let up: ChildProcess
    private var connections: [PostgresConnection] = []

    var stackDirectory: String { directory.file("stack") }
    /// Where `cdb doctor` runs: neither a `.cdb` nor a `.env` is there.
    var place: String { directory.file("place") }

    init() throws {
        directory = try TemporaryDirectory()
        try Files.makeDirectory(directory.file("place"), mode: 0o755)
        let stack = directory.file("stack")
        let log = directory.file("up.log")
        var command = Command(
            try Programs.path("cdb"), ["up", "--feed", "sim", "--dir", stack],
            environment: ["PATH": "/usr/bin:/bin"])
        command.output = .file(log)
        command.ownProcessGroup = true
        command.whenParentEnds = .terminate
        let process = try ChildProcess.start(command)
        up = process
        let isReady = eventually(seconds: 90, pause: 20) {
            Files.exists("\(stack)/up.ready") || !process.isRunning
        }
        guard isReady, process.isRunning else {
            process.stop(seconds: 20)
            throw NotReady(description: Files.tail(log, lines: 20))
        }
        let text = String(decoding: try Files.read("\(stack)/stack.env"), as: UTF8.self)
        var pairs = ["PATH": "/usr/bin:/bin"]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { pairs[String(parts[0])] = String(parts[1]) }
        }
        environment = pairs
        try execute("CREATE DATABASE \(Self.copy)")
        _ = try Migrations.apply(connection(to: Self.copy))
    }

    deinit {
        for connection in connections { connection.close() }
        up.stop(seconds: 30)
    }

    func file(_ name: String) -> String { directory.file(name) }

    // MARK: Commands

    /// - Parameter changes: to the environment; nil takes a variable out.
    func doctor(
        _ words: [String] = [], _ changes: [String: String?] = [:], program: String? = nil
    ) throws -> Diagnosis {
        let (status, output) = try run(
            program ?? Programs.path("cdb"), ["doctor", "--json"] + words, changes)
        return try Self.diagnosis(status, output)
    }

    /// From a shell that first sets what children get.
    func doctor(behind prelude: String) throws -> Diagnosis {
        let line = "\(prelude); exec \(try Programs.path("cdb")) doctor --json"
        let (status, output) = try run("/bin/sh", ["-c", line], [:])
        return try Self.diagnosis(status, output)
    }

    private static func diagnosis(_ status: ExitStatus, _ output: String) throws -> Diagnosis {
        do {
            return Diagnosis(
                exitCode: status, document: try JSONDocument.parse(Array(output.utf8)))
        } catch {
            throw NotReady(description: "cdb doctor (\(status)) said: \(output)")
        }
    }

    @discardableResult
    func run(
        _ program: String, _ words: [String], _ changes: [String: String?] = [:]
    ) throws -> (status: ExitStatus, output: String) {
        var environment = environment
        for (name, value) in changes { environment[name] = value }
        var command = Command(program, words, environment: environment)
        command.workingDirectory = place
        command.output = .pipeOfStandardOutput
        command.whenParentEnds = .kill
        let process = try ChildProcess.start(command)
        let output = String(decoding: process.readOutput(), as: UTF8.self)
        return (process.stop(signal: 0, seconds: 60), output)
    }

    /// A `.env` in the place where the doctor runs.
    func writeDotEnv(_ extra: String = "", without names: [String] = [], mode: UInt32 = 0o600)
        throws
    {
        let lines = environment.filter { $0.key != "PATH" && !names.contains($0.key) }.sorted {
            $0.key < $1.key
        }.map { "\($0.key)=\($0.value)\n" }
        try Files.write(lines.joined() + extra, to: "\(place)/.env")
        chmod("\(place)/.env", mode)
    }

    func removeDotEnv() { Files.removeTree("\(place)/.env") }

    // MARK: Servers

    func redis(_ words: String...) throws {
        let result = try run(
            "redis-cli", ["-h", "127.0.0.1", "-p", environment["REDIS_PORT"] ?? ""] + words,
            ["REDISCLI_AUTH": environment["REDIS_PASSWORD"]])
        guard result.status.isSuccess, result.output.hasPrefix("OK") else {
            throw NotReady(description: "redis-cli \(words): \(result.output)")
        }
    }

    func execute(_ script: String, in database: String? = nil) throws {
        let connection = try connection(to: database)
        defer { connection.close() }
        try connection.execute(script)
    }

    /// A session as the superuser.
    func connection(to database: String? = nil) throws -> PostgresConnection {
        try PostgresConnection(
            PostgresSettings(
                host: "127.0.0.1", port: environment["POSTGRES_PORT"].flatMap { Int($0) } ?? 0,
                user: environment["POSTGRES_USER"] ?? "",
                password: environment["POSTGRES_PASSWORD"] ?? "",
                database: database ?? environment["POSTGRES_DB"] ?? "", applicationName: "tests"))
    }

    /// Keeps a session open until the fault is mended.
    func hold(_ connection: PostgresConnection) { connections.append(connection) }

    func letGo() {
        for connection in connections { connection.close() }
        connections = []
    }

    /// Sends a signal to a child of `cdb up`, by its name.
    func signal(_ number: Int32, to name: String) throws {
        let tasks = "/proc/\(up.processIdentifier)/task"
        let children = try Files.entries(of: tasks).flatMap { task in
            String(decoding: try Files.read("\(tasks)/\(task)/children"), as: UTF8.self)
                .split(separator: " ").compactMap { Int32($0) }
        }
        let child = try children.first { child in
            let text = String(decoding: try Files.read("/proc/\(child)/comm"), as: UTF8.self)
            return text.split(separator: "\n").first == name.prefix(15)
        }
        guard let child else { throw NotReady(description: "\(name) is no child of cdb up") }
        kill(child, number)
    }

    /// Whether the stack is as it was; looked for again and again after a fault.
    func recovers() throws -> Bool {
        try eventually(seconds: 30, pause: 100) { try doctor().unwell.isEmpty }
    }
}
