import CoreModels
import Glibc
import Ledger
import PrivateServers
import TestKit

/// What can be wrong with Redis and Postgres.
enum ServerFaults {
    static func all(_ patient: Patient) throws -> [Fault] {
        try redis(patient) + postgres(patient) + server
    }

    private static func redis(_ patient: Patient) throws -> [Fault] {
        func expected(
            _ check: String, _ detail: String, _ remedy: String, _ status: String = "failed"
        ) -> Fault.Expected {
            .init(point: "Redis", check: check, status: status, detail: detail, remedy: remedy)
        }
        let nobody = "\(try LoopbackPort.free())"
        return [
            Fault(
                "a wrong password of Redis",
                expected("reachable", "does not let us in", "REDIS_PASSWORD"),
                changes: ["REDIS_PASSWORD": "not the password"]),
            Fault(
                "no Redis there", expected("reachable", "Connection refused", "REDIS_PORT"),
                changes: ["REDIS_PORT": nobody]),
            Fault(
                "something else than Redis",
                expected("reachable", "the connection to Redis", "REDIS_HOST, REDIS_PORT name it"),
                changes: ["REDIS_PORT": patient.environment["POSTGRES_PORT"]]),
            Fault(
                "a Redis that hangs", expected("reachable", "has not answered", "it hangs"),
                make: { try $0.signal(SIGSTOP, to: "redis-server") },
                mend: { try $0.signal(SIGCONT, to: "redis-server") }),
            Fault(
                "allkeys-lru",
                expected("maxmemory-policy", "allkeys-lru", "maxmemory-policy noeviction"),
                make: { try $0.redis("CONFIG", "SET", "maxmemory-policy", "allkeys-lru") },
                mend: { try $0.redis("CONFIG", "SET", "maxmemory-policy", "noeviction") }),
            Fault(
                "no appendonly", expected("appendonly", "off", "appendonly yes", "warning"),
                make: { try $0.redis("CONFIG", "SET", "appendonly", "no") },
                mend: { try $0.redis("CONFIG", "SET", "appendonly", "yes") }),
            Fault(
                "no memory left", expected("memory", "100 %", "CONFIG SET maxmemory"),
                make: { try $0.redis("CONFIG", "SET", "maxmemory", "100kb") },
                mend: { try $0.redis("CONFIG", "SET", "maxmemory", "0") }),
        ]
    }

    private static func expected(_ check: String, _ detail: String, _ remedy: String)
        -> Fault.Expected
    {
        .init(point: "Postgres", check: check, detail: detail, remedy: remedy)
    }

    private static func postgres(_ patient: Patient) throws -> [Fault] {
        let nobody = "\(try LoopbackPort.free())"
        return [
            Fault(
                "a wrong password of Postgres",
                expected("reachable", "password authentication failed", "POSTGRES_PASSWORD"),
                changes: ["POSTGRES_PASSWORD": "not the password"]),
            Fault(
                "no Postgres there", expected("reachable", "Connection refused", "POSTGRES_PORT"),
                changes: ["POSTGRES_PORT": nobody]),
            Fault(
                "no such database", expected("reachable", "does not exist", "POSTGRES_DB"),
                changes: ["POSTGRES_DB": "nowhere"]),
            Fault(
                "a Postgres that hangs", expected("reachable", "no answer", "it hangs"),
                make: { try $0.signal(SIGSTOP, to: "postgres") },
                mend: { try $0.signal(SIGCONT, to: "postgres") }),
        ]
    }

    private static let alter = "ALTER DATABASE \(Patient.copy)"

    private static var server: [Fault] {
        [
            Fault(
                "fsync off", expected("fsync", "off", "ALTER SYSTEM SET fsync = on"),
                make: { try set("fsync", "SET fsync = off", "off", $0) },
                mend: { try set("fsync", "RESET fsync", "on", $0) }),
            Fault(
                "synchronous_commit off",
                expected("synchronous_commit", "off", "SET synchronous_commit = on"),
                changes: ["POSTGRES_DB": Patient.copy],
                make: { try $0.execute("\(alter) SET synchronous_commit = off") },
                mend: { try $0.execute("\(alter) RESET synchronous_commit") }),
            Fault(
                "transactions are read-only",
                expected("writable", "read-only", "default_transaction_read_only = off"),
                changes: ["POSTGRES_DB": Patient.copy],
                make: { try $0.execute("\(alter) SET default_transaction_read_only = on") },
                mend: { try $0.execute("\(alter) RESET default_transaction_read_only") }),
        ]
    }

    /// Changes a setting of the whole server and waits until it holds.
    private static func set(
        _ name: String, _ change: String, _ value: String, _ patient: Patient
    ) throws {
        try patient.execute("ALTER SYSTEM \(change)")
        try patient.execute("SELECT pg_reload_conf()")
        let question = SQLStatement(
            "setting", "SELECT setting FROM pg_settings WHERE name = $1")
        let isSet = try eventually {
            let connection = try patient.connection()
            defer { connection.close() }
            return try connection.run(question(.text(name))).text(0, 0) == value
        }
        guard isSet else { throw Patient.NotReady(description: "\(name) is not \(value)") }
    }
}
