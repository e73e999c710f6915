import CoreModels
import Ledger
import RedisBus
import ServiceKit
import Services

// How to reach the parts of a stack. All throw `CommandFailure` when the environment does not say.
extension StackAddress {
    private func configuration(_ mandatory: [String] = []) throws(CommandFailure) -> Configuration {
        let configuration = Configuration(environment: environment, service: "cdb")
        let missing = configuration.problem(ifMissing: mandatory)
        let problems = configuration.problems + (missing.map { [$0] } ?? [])
        guard problems.isEmpty else { throw .failed(problems.joined(separator: "; ")) }
        return configuration
    }

    /// - Parameter path: with its slash.
    func url(of program: StackProgram, _ path: String) throws(CommandFailure) -> String {
        if program == .simulator {
            return "http://127.0.0.1:\(environment[program.portVariable] ?? "")\(path)"
        }
        let configuration = try configuration()
        let bind = configuration.text("CDB_BIND")
        // What listens on all addresses is asked on this machine.
        let host = directory != nil || bind == "0.0.0.0" ? "127.0.0.1" : bind
        return "http://\(host):\(configuration.integer(program.portVariable))\(path)"
    }

    /// The services, and the feeds where this stack has some.
    var programs: [StackProgram] {
        let feed = environment[StackEnvironment.feed].flatMap { FeedChoice.Kind(rawValue: $0) }
        return StackProgram.services
            + (directory == nil || feed?.isExchange == true ? StackProgram.feeds : [])
    }

    /// Nil when none is set: then the services refuse commands.
    func operatorToken() throws(CommandFailure) -> String? {
        try configuration().optionalText("CDB_OPERATOR_TOKEN")
    }

    func postgres() throws(CommandFailure) -> PostgresSettings {
        try configuration(["POSTGRES_USER", "POSTGRES_PASSWORD"]).postgresSettings
    }

    func redis() throws(CommandFailure) -> RedisSettings {
        try configuration(["REDIS_PASSWORD"]).redisSettings
    }

    /// Every variable, for what reads more than addresses.
    func allSettings() throws(CommandFailure) -> Configuration { try configuration() }
}
