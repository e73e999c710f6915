import CoreModels
import PrivateServers

// What `cdb up` writes for a stack of its own.
extension StackEnvironment {
    static let portBase = "CDB_PORT_BASE"
    /// Which feed this stack had last.
    static let feed = "CDB_FEED"
    /// Where the simulator's market began, ms since the epoch.
    static let simulationOrigin = "CDB_SIM_ORIGIN"
    /// Secrets that `NAME_FILE` may name: ours stand in the file itself.
    private static let secrets = ["REDIS_PASSWORD", "POSTGRES_PASSWORD", "CDB_OPERATOR_TOKEN"]

    /// Fills in what is not there yet, and the addresses at these ports.
    mutating func complete(_ plan: PortPlan, operatorToken: String?) {
        self[Self.portBase] = "\(plan.base)"
        self["REDIS_HOST"] = "127.0.0.1"
        self["REDIS_PORT"] = "\(plan.redis)"
        self["REDIS_PASSWORD"] = self["REDIS_PASSWORD"] ?? Secret.random()
        self["REDIS_DB"] = "0"
        self["POSTGRES_HOST"] = "127.0.0.1"
        self["POSTGRES_PORT"] = "\(plan.postgres)"
        self["POSTGRES_USER"] = "cdb"
        self["POSTGRES_PASSWORD"] = self["POSTGRES_PASSWORD"] ?? Secret.random()
        self["POSTGRES_DB"] = "claire_de_binare"
        for program in StackProgram.all {
            self[program.portVariable] = "\(plan.port(of: program))"
        }
        self["CDB_OPERATOR_TOKEN"] =
            operatorToken ?? self["CDB_OPERATOR_TOKEN"] ?? Secret.random()
    }

    /// An environment in which this stack's addresses and secrets hold.
    func over(_ environment: [String: String]) -> [String: String] {
        var merged = environment.merging(dictionary) { $1 }
        for secret in Self.secrets where self[secret] != nil {
            merged[secret + "_FILE"] = nil
        }
        // Host, port and user are what this file says.
        merged["REDIS_SOCKET"] = nil
        merged["REDIS_USER"] = nil
        return merged
    }
}
