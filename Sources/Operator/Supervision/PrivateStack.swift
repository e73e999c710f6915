import CoreModels
import Glibc
import Ledger
import PrivateServers
import RedisBus
import ServiceKit
import WireFormats

/// Redis, Postgres and the services of one directory, as `cdb up` runs them.
final class PrivateStack {
    /// How long the services may take to end, seconds (docs/CONFIGURATION.md, start and stop).
    private static let serviceStopSeconds: Int64 = 5

    let directory: StackDirectory
    private(set) var environment: StackEnvironment
    private let redis: PrivateRedis
    private let postgres: PrivatePostgres
    private var services: [ServiceProcess] = []
    private var children: [SupervisedChild]

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

    /// Starts every service with this environment.
    func startServices(_ base: [String: String]) throws {
        var environment = environment.over(base)
        // Unix sockets are shorter ways than TCP.
        environment["REDIS_SOCKET"] = redis.socketPath
        environment["POSTGRES_HOST"] = postgres.socketDirectory ?? environment["POSTGRES_HOST"]
        let programs = Self.programDirectory
        for service in Service.allCases {
            directory.rotateLog(service.rawValue)
            let process = try ServiceProcess(
                service, directory: programs, environment: environment,
                log: directory.log(service.rawValue))
            services.append(process)
            children.append(SupervisedChild(service.rawValue, process))
        }
    }

    /// Where this program lies, and the services beside it.
    private static var programDirectory: String {
        let path = Files.absolute("/proc/self/exe")
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Services that do not answer `/readyz` with 200.
    func servicesNotReady() throws -> [Service] {
        let address = address([:])
        let client = HTTPClient(timeoutMilliseconds: 1_000)
        return try Service.allCases.filter { service in
            let url = try address.url(of: service, "/readyz")
            do throws(HTTPClientError) {
                return try client.send("GET", url).status != 200
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
        for index in children.indices {
            let name = children[index].name
            switch children[index].check(at: now) {
            case .alive, .waiting: break
            case .died(let reason, let pause):
                notice("\(name) ended (\(reason)); starting it again in \(pause) ms")
            case .restarted: notice("\(name) runs again")
            case .hopeless(let reason):
                return "\(name) ended \(RestartPolicy.limit) times within a minute, at last with "
                    + "\(reason); its log ends with:\n\(logTail(name))"
            }
        }
        return nil
    }

    private func logTail(_ name: String) -> String {
        switch name {
        case "redis": Files.tail("\(directory.redis)/redis.log")
        case "postgres": Files.tail("\(directory.postgres)/postgres.log")
        default: Files.tail(directory.log(name))
        }
    }

    /// Asks all services at once to finish, and waits.
    func stopServices() {
        for service in services { service.requestStop() }
        let deadline = SystemClock.monotonicMilliseconds + Self.serviceStopSeconds * 1000
        for service in services {
            let left = max(0, deadline - SystemClock.monotonicMilliseconds)
            _ = service.waitForEnd(seconds: Double(left) / 1000)
        }
        services.removeAll()
    }

    func stopServers() {
        redis.stop()
        postgres.stop()
    }
}
