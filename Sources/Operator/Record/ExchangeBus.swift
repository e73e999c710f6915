import PrivateServers
import RedisBus
import ServiceKit
import Services

/// An exchange without a stack: cdb_ws and cdb_rest on a Redis of their own.
struct ExchangeBus: RecordSource {
    private static let checkInterval: Int64 = 100
    private static let questionInterval: Int64 = 10_000
    private static let stopSeconds = 5.0

    let redis: RedisSettings
    let title: String
    private let server: PrivateRedis
    private let programs: [ProgramProcess]
    private var children: [SupervisedChild]
    private let readiness: String
    private let logs: String
    private var nextCheck: Int64 = 0
    private var nextQuestion: Int64
    private var trouble: String?

    /// - Parameter directory: for Redis and the logs.
    init(directory: String, environment: [String: String]) throws {
        try Files.makeDirectory(directory, mode: 0o755)
        logs = directory
        server = try PrivateRedis.start(
            directory: "\(directory)/redis", password: Secret.random())
        redis = RedisSettings(
            port: Int(server.port), socketPath: server.socketPath, password: server.password)
        var variables = environment
        variables["REDIS_HOST"] = "127.0.0.1"
        variables["REDIS_PORT"] = "\(server.port)"
        variables["REDIS_SOCKET"] = server.socketPath
        variables["REDIS_PASSWORD"] = server.password
        variables["REDIS_PASSWORD_FILE"] = nil
        variables["REDIS_USER"] = nil
        variables["REDIS_DB"] = "0"
        let configuration = Configuration(environment: variables, service: "cdb")
        title = "the exchange at \(configuration.text("MEXC_WS_URL"))"
        for program in StackProgram.feeds {
            variables[program.portVariable] = "\(try LoopbackPort.free())"
        }
        do {
            programs = try StackProgram.feeds.map { program in
                try ProgramProcess(
                    program, directory: PrivateStack.programDirectory, environment: variables,
                    log: "\(directory)/\(program.name).log")
            }
        } catch {
            server.stop()
            throw error
        }
        children =
            [SupervisedChild("redis", server)]
            + programs.map { SupervisedChild($0.program.name, $0) }
        let port = variables[StackProgram.feed(.webSocket).portVariable] ?? ""
        readiness = "http://127.0.0.1:\(port)/readyz"
        nextQuestion = SystemClock.monotonicMilliseconds + Self.questionInterval
    }

    mutating func check(at now: Int64, _ notice: (String) -> Void) -> String? {
        guard now >= nextCheck else { return nil }
        nextCheck = now + Self.checkInterval
        let hopeless = children.check(at: now, logTail: logTail, notice)
        if let hopeless { return hopeless }
        if now >= nextQuestion {
            nextQuestion = now + Self.questionInterval
            ask(notice)
        }
        return nil
    }

    private func logTail(_ name: String) -> String {
        Files.tail("\(logs)/\(name == "redis" ? "redis/redis" : name).log")
    }

    /// Says why the exchange sends nothing, when that changes.
    private mutating func ask(_ notice: (String) -> Void) {
        var found: String?
        do throws(HTTPClientError) {
            let failures = try ReadinessAnswer.ask(readiness, patience: 500).failures
            if !failures.isEmpty { found = failures.map(\.detail).joined(separator: "; ") }
        } catch {
            found = "cdb_ws does not answer: \(error)"
        }
        guard found != trouble else { return }
        trouble = found
        notice(found ?? "the exchange sends again")
    }

    mutating func finish() {
        for program in programs { program.requestStop() }
        for program in programs { _ = program.waitForEnd(seconds: Self.stopSeconds) }
        children = []
    }

    /// After the last message is taken.
    func stopServer() { server.stop() }
}
