import CoreModels
import Glibc
import PrivateServers

/// What can be wrong with ports, services and feeds.
enum ServiceFaults {
    static func all(_ patient: Patient) throws -> [Fault] {
        try ports(patient) + services() + feeds()
    }

    private static func services(_ check: String, _ detail: String, _ remedy: String)
        -> Fault.Expected
    {
        .init(point: "services", check: check, detail: detail, remedy: remedy)
    }

    private static func ports(_ patient: Patient) throws -> [Fault] {
        // The stand-in lives as long as the fault: the closure holds it.
        let stranger = try PretendedService()
        return [
            Fault(
                "a port that somebody else holds",
                .init(
                    point: "ports", check: "ports",
                    detail: "\(stranger.port), for cdb_writer, is held by",
                    remedy: "set CDB_WRITER_PORT"),
                changes: ["CDB_WRITER_PORT": "\(stranger.port)"],
                mend: { _ in withExtendedLifetime(stranger) {} }),
            Fault(
                "one port for two",
                .init(
                    point: "ports", check: "ports", detail: "both cdb_core and cdb_risk",
                    remedy: "set CDB_RISK_PORT"),
                changes: ["CDB_RISK_PORT": patient.environment["CDB_CORE_PORT"]]),
        ]
    }

    private static func services() throws -> [Fault] {
        let nobody = "\(try LoopbackPort.free())"
        let blocked = try PretendedService(
            failed: ("work", "orders-7 has no readable order_id"))
        let old = try PretendedService(status: [.init("version", .text("0.0.9"))])
        return [
            Fault(
                "a service that hangs",
                services("readiness", "cdb_writer does not answer", "logs cdb_writer"),
                make: { try $0.signal(SIGSTOP, to: "cdb_writer") },
                mend: { try $0.signal(SIGCONT, to: "cdb_writer") }),
            Fault(
                "a service that is not there",
                services("readiness", "cdb_core does not answer", "logs cdb_core"),
                changes: ["CDB_CORE_PORT": nobody]),
            Fault(
                "a blocked execution",
                services("readiness", "cdb_execution, work: orders-7", "Alert DEAD_LETTER"),
                changes: ["CDB_EXECUTION_PORT": "\(blocked.port)"],
                mend: { _ in withExtendedLifetime(blocked) {} }),
            Fault(
                "another version", services("version", "cdb_core is 0.0.9", "--build"),
                changes: ["CDB_CORE_PORT": "\(old.port)"],
                mend: { _ in withExtendedLifetime(old) {} }),
        ]
    }

    private static func feeds() throws -> [Fault] {
        let stale = try PretendedService(status: [.init("last_data_age_ms", .integer(90_000))])
        let away = try PretendedService(
            failed: ("feed", "the exchange is unreachable (DNS): no such host"))
        let skewed = try PretendedService(
            status: [
                .init("last_data_age_ms", .integer(1)), .init("clock_skew_ms", .integer(-7_000)),
            ])
        func expected(_ check: String, _ detail: String, _ remedy: String) -> Fault.Expected {
            .init(point: "feed", check: check, detail: detail, remedy: remedy)
        }
        return [
            Fault(
                "stale market data", expected("market data", "cdb_ws: stale", "MEXC_WS_URL"),
                changes: ["CDB_WS_PORT": "\(stale.port)"],
                mend: { _ in withExtendedLifetime(stale) {} }),
            Fault(
                "an exchange that is away",
                expected("market data", "unreachable (DNS)", "MEXC_REST_URL"),
                changes: ["CDB_REST_PORT": "\(away.port)"],
                mend: { _ in withExtendedLifetime(away) {} }),
            Fault(
                "a clock that is wrong", expected("clock", "7000 ms behind", "set-ntp"),
                changes: [
                    "CDB_WS_PORT": "\(skewed.port)", "CDB_REST_PORT": "\(skewed.port)",
                ], mend: { _ in withExtendedLifetime(skewed) {} }),
        ]
    }
}
