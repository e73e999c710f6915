import CoreModels
import Glibc
import Ledger
import PrivateServers
import RedisBus
import ServiceKit
import WireFormats

/// A stack of its own for one measurement: `cdb up --feed none --detach` in a temporary directory.
final class BenchStack {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What the four services have used together.
    struct Usage {
        var cpuSeconds = 0.0
        /// Resident bytes per service.
        var residentBytes: [(service: Service, bytes: Double)] = []
    }

    let variables: [String: String]
    private let cdb: String
    private let directory: String

    /// Starts it with the given settings; ready when this returns.
    init(_ settings: [String: String]) throws {
        directory = try Self.makeDirectory()
        cdb = try Self.besideUs("cdb")
        let environment = ProcessEnvironment.current.merging(settings) { $1 }
        try Self.run(
            cdb, ["up", "--feed", "none", "--detach", "--dir", directory], environment)
        variables = try Self.read(directory + "/stack.env")
    }

    /// Stops everything and takes the directory away.
    func close() throws {
        try Self.run(cdb, ["down", "--dir", directory], ProcessEnvironment.current)
        try Self.run("rm", ["-rf", directory], ProcessEnvironment.current)
    }

    func variable(_ name: String) throws -> String {
        guard let value = variables[name] else {
            throw Failure(description: "stack.env does not name \(name)")
        }
        return value
    }

    func redis() throws -> RedisSettings {
        RedisSettings(
            host: try variable("REDIS_HOST"), port: Int(try variable("REDIS_PORT")) ?? 0,
            password: try variable("REDIS_PASSWORD"))
    }

    func postgres() throws -> PostgresConnection {
        try PostgresConnection(
            PostgresSettings(
                host: try variable("POSTGRES_HOST"), port: Int(try variable("POSTGRES_PORT")) ?? 0,
                user: try variable("POSTGRES_USER"), password: try variable("POSTGRES_PASSWORD"),
                database: try variable("POSTGRES_DB"), applicationName: "cdb_bench"))
    }

    func port(_ service: Service) throws -> UInt16 {
        UInt16(try variable(service.rawValue.uppercased() + "_PORT")) ?? 0
    }

    func url(_ service: Service, _ path: String) throws -> String {
        "http://127.0.0.1:\(try port(service))\(path)"
    }

    func get(_ service: Service, _ path: String) throws -> [UInt8] {
        try HTTPClient().send("GET", try url(service, path)).body
    }

    func process(_ service: Service) throws -> ServiceProcess {
        let parent = String(decoding: try Files.read(directory + "/up.pid"), as: UTF8.self)
        return try ServiceProcess(service, childOf: parent.filter(\.isNumber))
    }

    func status(_ service: Service) throws -> Value {
        try JSONDocument.parse(try get(service, "/status"), limit: 1 << 20)
    }

    func usage() throws -> Usage {
        var usage = Usage()
        for service in Service.allCases {
            let page = String(decoding: try get(service, "/metrics"), as: UTF8.self)
            usage.cpuSeconds += Self.sample("process_cpu_seconds_total", page)
            usage.residentBytes.append(
                (service, Self.sample("process_resident_memory_bytes", page)))
        }
        return usage
    }

    private static func sample(_ name: String, _ page: String) -> Double {
        page.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { Double($0.dropFirst(name.count + 1)) } ?? 0
    }

    static func makeDirectory() throws -> String {
        var template = Array("/tmp/cdb-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(description: "no temporary directory")
        }
        let directory = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Postgres may have to run as another account, which must be able to come in.
        chmod(directory, 0o755)
        return directory
    }

    static func besideUs(_ name: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw Failure(description: "our own executable cannot be found") }
        let path = String(
            decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
    }

    private static func run(
        _ program: String, _ arguments: [String], _ environment: [String: String]
    ) throws {
        var command = Command(program, arguments, environment: environment)
        command.output = .discarded
        let process = try ChildProcess.start(command)
        guard let status = process.wait(seconds: 120), status == .exited(0) else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")) failed")
        }
    }

    private static func read(_ path: String) throws -> [String: String] {
        var variables: [String: String] = [:]
        for line in String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        }
        return variables
    }
}
