import CoreModels
import Glibc
import Ledger
import PrivateServers
import RedisBus
import ServiceKit

/// Gathers the facts, all at once and bounded in time, and has the checks judge them.
enum Doctor {
    /// What one thread finds out.
    private struct Question {
        let point: CheckPoint
        let ask: @Sendable () -> [Finding]
    }

    private static let patience: Int64 = 20_000
    static let serverPatience: Int64 = 3_000

    /// - Throws: `SystemError` when no thread can be started.
    static func examine(_ stack: ExaminedStack) throws -> [Finding] {
        let questions = questions(stack)
        let answers = try Consultation.ask(questions.map(\.ask), milliseconds: patience)
        let late = zip(questions, answers).map { question, answer in
            answer ?? [
                .failed(
                    question.point, "answer", "none within \(patience / 1000) s",
                    remedy: "look for what hangs: the resolver of host names, or a disk")
            ]
        }
        return stack.file.findings + stack.variables.findings + stack.secrets.findings
            + late.flatMap { $0 }
    }

    private static func questions(_ stack: ExaminedStack) -> [Question] {
        let machine = [
            Question(point: .ports) { ports(stack) },
            Question(point: .services) { thisMachine(stack) },
        ]
        guard stack.isUp else { return machine + [Question(point: .services) { stopped(stack) }] }
        return machine + [
            Question(point: .redis) { redis(stack) },
            Question(point: .postgres) { PostgresExamination.findings(stack) },
            Question(point: .services) { programs(stack) },
        ]
    }

    private static func stopped(_ stack: ExaminedStack) -> [Finding] {
        let path = stack.address.directory?.path ?? ""
        return [
            .failed(
                .services, "stack", "no cdb up runs in \(path)", remedy: stack.words.start)
        ]
    }

    // MARK: This machine

    private static func ports(_ stack: ExaminedStack) -> [Finding] {
        let plan: [(program: String, variable: String, port: Int)]
        do throws(CommandFailure) {
            plan = try portPlan(stack.address)
        } catch {
            return [.failed(.ports, "ports", error.message, remedy: "docs/CONFIGURATION.md")]
        }
        let holders = ListeningPorts().holders(of: Set(plan.map(\.port)))
        return PortsCheck(
            uses: plan.map { use in
                .init(
                    port: use.port, program: use.program, variable: use.variable,
                    holders: holders[use.port] ?? [])
            }, words: stack.words
        ).findings
    }

    /// The ports on this machine; servers elsewhere are not looked at.
    private static func portPlan(
        _ address: StackAddress
    ) throws(CommandFailure) -> [(program: String, variable: String, port: Int)] {
        let settings = try address.allSettings()
        var plan: [(program: String, variable: String, port: Int)] = []
        for (program, name) in [("redis-server", "REDIS"), ("postgres", "POSTGRES")]
        where isHere(settings.text("\(name)_HOST")) {
            plan.append((program, "\(name)_PORT", settings.integer("\(name)_PORT")))
        }
        for program in StackProgram.services + StackProgram.feeds {
            let variable = program.portVariable
            plan.append((program.name, variable, settings.integer(variable)))
        }
        let simulator = StackProgram.simulator
        if let port = address.environment[simulator.portVariable].flatMap({ Int($0) }) {
            plan.append((simulator.name, simulator.portVariable, port))
        }
        return plan
    }

    static func isHere(_ host: String) -> Bool {
        ["127.0.0.1", "localhost", "::1"].contains(host) || host.hasPrefix("/")
    }

    private static func thisMachine(_ stack: ExaminedStack) -> [Finding] {
        let limit = DescriptorLimitCheck(
            limit: MachineFacts.descriptorLimit(of: stack.supervisor ?? getpid())
        ).findings
        guard let directory = stack.address.directory else { return limit }
        return limit + MachineFacts.programs().findings
            + [(CheckPoint.redis, directory.redis), (.postgres, directory.postgres + "/data")]
            .flatMap { point, path in
                disk(point, Files.exists(path) ? path : directory.path)
            }
    }

    static func disk(_ point: CheckPoint, _ path: String) -> [Finding] {
        MachineFacts.freeBytes(path).map {
            DiskCheck(point: point, path: path, freeBytes: $0).findings
        } ?? []
    }

    // MARK: Redis

    private static func redis(_ stack: ExaminedStack) -> [Finding] {
        let name = "reachable"
        do {
            let settings = try stack.address.redis()
            let facts = try RedisInspection(settings, milliseconds: serverPatience)
            let place = settings.socketPath ?? "\(settings.host):\(settings.port)"
            return [.ok(.redis, name, place)]
                + RedisCheck(facts: facts, words: stack.words).findings
        } catch let error as RedisError {
            return [.failed(.redis, name, error.description, remedy: remedy(error, stack.words))]
        } catch let error as CommandFailure {
            return [.failed(.redis, name, error.message, remedy: "set it; docs/CONFIGURATION.md")]
        } catch {
            return [.failed(.redis, name, "\(error)", remedy: stack.words.log("redis"))]
        }
    }

    private static func remedy(_ error: RedisError, _ words: RemedyWords) -> String {
        switch error {
        case .notAuthenticated: "set REDIS_PASSWORD (and REDIS_USER) as the server has them"
        case .refused: "give this user the right to ask INFO (docker/redis/users.acl)"
        case .unreachable, .closed:
            "see that it runs and REDIS_HOST, REDIS_PORT name it: \(words.log("redis")); \(words.start)"
        case .silent: "it hangs, or is no Redis: \(words.log("redis")); \(words.restart("redis"))"
        case .unintelligible: "REDIS_HOST and REDIS_PORT name something else than a Redis"
        }
    }

    // MARK: Programs

    private static func programs(_ stack: ExaminedStack) -> [Finding] {
        do {
            let questions = try stack.address.programs.map { program in
                let url = try stack.address.url(of: program, "")
                return { @Sendable in ProgramAnswer.ask(program, at: url) }
            }
            let answers = try Consultation.ask(questions, milliseconds: serverPatience * 3)
            let heard = zip(stack.address.programs, answers).map { program, answer in
                answer
                    ?? ProgramAnswer(
                        name: program.name, isFeed: StackProgram.feeds.contains(program),
                        answer: .silent("its address takes too long to be found"))
            }
            let settings = try stack.address.allSettings()
            let stale = Int64(settings.integer("DATA_STALE_TIMEOUT_SEC")) * 1000
            let words = stack.words
            return ServicesCheck(programs: heard, words: words).findings
                + heard.filter { $0.name == Service.risk.rawValue }.flatMap {
                    TradingCheck(risk: $0, words: words).findings
                }
                + FeedCheck(feeds: heard.filter(\.isFeed), staleTimeout: stale, words: words)
                .findings
        } catch {
            return [
                .failed(.services, "readiness", "\(error)", remedy: "docs/CONFIGURATION.md")
            ]
        }
    }
}
