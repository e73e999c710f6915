import CoreModels
import Glibc
import PrivateServers

/// What can be wrong before anything is asked.
enum ConfigurationFaults {
    private static let file = "environment file"
    /// Without these the doctor goes by `.env`.
    private static let incomplete: [String: String?] = [
        "REDIS_PASSWORD": nil, "POSTGRES_PASSWORD": nil,
    ]

    static var all: [Fault] { files + variables + secrets }

    private static func expected(
        _ check: String, _ detail: String, _ remedy: String, _ status: String = "failed"
    ) -> Fault.Expected {
        .init(
            point: "configuration", check: check, status: status, detail: detail, remedy: remedy)
    }

    private static var files: [Fault] {
        [
            Fault(
                "no .env", expected(file, ".env is missing", "cdb init-env"), changes: incomplete),
            Fault(
                ".env that cannot be read", expected(file, "cannot be read", "chmod 600"),
                changes: incomplete,
                make: { try Files.makeDirectory("\($0.place)/.env", mode: 0o700) },
                mend: { $0.removeDotEnv() }),
            Fault(
                ".env open to all", expected(file, "mode 0644", "chmod 600 .env", "warning"),
                changes: incomplete, make: { try $0.writeDotEnv(mode: 0o644) },
                mend: { $0.removeDotEnv() }),
            Fault(
                "a mandatory variable of .env is missing",
                expected("variables", "missing: POSTGRES_USER", "cdb init-env"),
                changes: ["POSTGRES_USER": nil],
                make: { try $0.writeDotEnv(without: ["POSTGRES_USER"]) },
                mend: { $0.removeDotEnv() }),
            Fault(
                "a password of a container is missing",
                expected("variables", "CDB_RISK_PASSWORD", "cdb init-env"), changes: incomplete,
                make: { try $0.writeDotEnv() }, mend: { $0.removeDotEnv() }),
            Fault(
                "a name that nobody knows",
                expected("variables", "MAX_POSITON_PCT is no variable", "docs/", "warning"),
                changes: incomplete, make: { try $0.writeDotEnv("MAX_POSITON_PCT=0.1\n") },
                mend: { $0.removeDotEnv() }),
        ]
    }

    private static var variables: [Fault] {
        [
            Fault(
                "not a number",
                expected("variables", "MAX_OPEN_POSITIONS=many is not a number", "CONFIGURATION"),
                changes: ["MAX_OPEN_POSITIONS": "many"]),
            Fault(
                "out of range",
                expected("variables", "did you mean 0.05?", "docs/CONFIGURATION.md", "warning"),
                changes: ["MAX_POSITION_PCT": "5"]),
            Fault(
                "an old name",
                expected("variables", "set MAX_POSITION_PCT instead", "docs/CONFIGURATION.md"),
                changes: ["MAX_POSITION_SIZE": "0.1"]),
        ]
    }

    private static var secrets: [Fault] {
        [
            Fault(
                "a placeholder",
                expected("secrets", "CDB_OPERATOR_TOKEN is a placeholder", "openssl rand"),
                changes: ["CDB_OPERATOR_TOKEN": "change_me"]),
            Fault(
                "a short secret",
                expected("secrets", "fewer than 12", "openssl rand", "warning"),
                changes: ["CDB_OPERATOR_TOKEN": "k3v9x2"]),
            Fault(
                "no token", expected("secrets", "CDB_OPERATOR_TOKEN is not set", "set", "warning"),
                changes: ["CDB_OPERATOR_TOKEN": nil]),
        ]
    }
}
