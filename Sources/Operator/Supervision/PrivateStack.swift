import CoreModels
import Glibc
import Ledger
import PrivateServers
import RedisBus
import ServiceKit
import WireFormats

/// Redis, Postgres and the services of one directory, as `cdb up` runs them.
final class PrivateStack {
    /// How long the programs may take to end, seconds (docs/CONFIGURATION.md, start and stop).
    private static let programStopSeconds: Int64 = 5

    let directory: StackDirectory
    private(set) var environment: StackEnvironment
    private let redis: PrivateRedis
    private let postgres: PrivatePostgres
    private var programs: [ProgramProcess] = []
    private var children: [SupervisedChild]
    /// What the programs are told: set when the first of them start.
    private var programEnvironment: [String: String] = [:]

    /// Starts the servers, makes the database and brings it up to date. The services follow.
    init(
        _ directory: StackDirectory, _ environment: StackEnvironment, _ plan: PortPlan
    ) throws {
        self.directory = directory
        self.environment = environment
        redis = try PrivateRedis.start(
            directory: directory.redis, port: UInt16(plan.redis),
            password: environment["REDIS_PASSWORD"] ?? "")
        do {
            postgres = try PrivatePostgres.start(
                directory: directory.postgres, port: UInt16(plan.postgres),
                user: environment["POSTGRES_USER"] ?? "",
                password: environment["POSTGRES_PASSWORD"] ?? "",
                // After a crash one call instead of one for each of a thousand files.
                settings: ["recovery_init_sync_method": "syncfs"])
        } catch {
            redis.stop()
            throw error
        }
        children = [SupervisedChild("redis", redis), SupervisedChild("postgres", postgres)]
    }

    /// Makes the database when it is missing, and brings its schema up to date.
    func prepareDatabase() throws {
        let name = environment["POSTGRES_DB"] ?? ""
        let found = try postgres.execute("SELECT 1 FROM pg_database WHERE datname = '\(name)'")
        if found.isEmpty { try postgres.execute("CREATE DATABASE \(name)") }
        _ = try Migrations.apply(connect())
    }

    func connect() throws -> PostgresConnection { try PostgresConnection(address([:]).postgres()) }

    func remember() throws {
        try Files.write(environment.text, to: directory.environmentFile)
    }

    /// Keeps a value for the next `cdb up`.
    func remember(_ name: String, _ value: String) throws {
        environment[name] = value
        try remember()
    }

    /// The stack as the other commands see it.
    func address(_ environment: [String: String]) -> StackAddress {
        StackAddress(directory: directory, environment: self.environment.over(environment))
    }

    /// Starts every service; this environment is that of all programs to come.
    func startServices(_ base: [String: String]) throws {
        programEnvironment = environment.over(base)
        // Unix sockets are shorter ways than TCP.
        programEnvironment["REDIS_SOCKET"] = redis.socketPath
        programEnvironment["POSTGRES_HOST"] =
            postgres.socketDirectory ?? programEnvironment["POSTGRES_HOST"]
        for service in StackProgram.services { try start(service) }
    }

    /// - Parameter arguments: asked at every start.
    func start(_ program: StackProgram, arguments: @escaping () -> [String] = { [] }) throws {
        directory.rotateLog(program.name)
        let process = try ProgramProcess(
            program, directory: Self.programDirectory, environment: programEnvironment,
            log: directory.log(program.name), arguments: arguments)
        programs.append(process)
        children.append(SupervisedChild(program.name, process))
    }

    /// Where this program lies, and the services beside it.
    static var programDirectory: String {
        let path = Files.absolute("/proc/self/exe")
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Those that do not answer `/readyz` with 200.
    func notReady(_ programs: [StackProgram]) throws -> [StackProgram] {
        let address = address([:])
        return try programs.filter { program in
            let url = try address.url(of: program, "/readyz")
            do throws(HTTPClientError) {
                return try !ReadinessAnswer.ask(url, patience: 1_000).isReady
            } catch {
                return true  // It does not listen yet.
            }
        }
    }

    /// Looks after all children; starts dead ones again.
    ///
    /// - Parameter notice: is told what happened.
    /// - Returns: why there is no hope, when a child dies again and again.
    func check(at now: Int64, _ notice: (String) -> Void) -> String? {
        children.check(at: now, logTail: logTail, notice)
    }

    private func logTail(_ name: String) -> String {
        switch name {
        case "redis": Files.tail("\(directory.redis)/redis.log")
        case "postgres": Files.tail("\(directory.postgres)/postgres.log")
        default: Files.tail(directory.log(name))
        }
    }

    /// Asks the programs at once to finish, waits, and looks after them no more.
    func stop(_ stopping: [StackProgram] = StackProgram.all) {
        let leaving = programs.filter { stopping.contains($0.program) }
        programs.removeAll { stopping.contains($0.program) }
        children.removeAll { child in stopping.contains { $0.name == child.name } }
        for program in leaving { program.requestStop() }
        let deadline = SystemClock.monotonicMilliseconds + Self.programStopSeconds * 1000
        for program in leaving {
            let left = max(0, deadline - SystemClock.monotonicMilliseconds)
            _ = program.waitForEnd(seconds: Double(left) / 1000)
        }
    }

    func stopServers() {
        redis.stop()
        postgres.stop()
    }
}
