import CoreModels
import Ledger

/// What can be wrong inside the database. All but the first in a copy in which nobody works.
enum SchemaFaults {
    static var all: [Fault] { versions + roles + ledger }

    private static func expected(
        _ check: String, _ detail: String, _ remedy: String
    ) -> Fault.Expected {
        .init(point: "schema", check: check, detail: detail, remedy: remedy)
    }

    private static var versions: [Fault] {
        [
            Fault(
                "no schema", expected("version", "at version 0", "cdb migrate"),
                changes: ["POSTGRES_DB": "postgres"]),
            Fault(
                "a newer schema", expected("version", "at version 99", "newer release"),
                in: Patient.copy,
                sql: "INSERT INTO schema_version (version, description, checksum)"
                    + " VALUES (99, 'to come', 'x')",
                mendedBy: "DELETE FROM schema_version WHERE version = 99"),
            Fault(
                "another migration",
                expected("version", "migration 2 was applied with another content", "backup"),
                in: Patient.copy,
                sql: "UPDATE schema_version SET checksum = 'x' || checksum WHERE version = 2",
                mendedBy: "UPDATE schema_version SET checksum = substr(checksum, 2)"
                    + " WHERE version = 2"),
        ]
    }

    private static var roles: [Fault] {
        [
            Fault(
                "a role without a right",
                expected("roles", "cdb_core may not: INSERT ledger", "GRANT INSERT ON ledger"),
                in: Patient.copy, sql: "REVOKE INSERT ON ledger FROM cdb_core",
                mendedBy: "GRANT INSERT ON ledger TO cdb_core"),
            Fault(
                "a role with too many rights",
                expected("roles", "DELETE, UPDATE ledger", "REVOKE DELETE, UPDATE ON ledger"),
                in: Patient.copy, sql: "GRANT UPDATE, DELETE ON ledger TO cdb_risk",
                mendedBy: "REVOKE UPDATE, DELETE ON ledger FROM cdb_risk"),
            Fault(
                "a role that may not log in",
                expected("roles", "cdb_readonly may not log in", "ALTER ROLE cdb_readonly LOGIN"),
                in: Patient.copy, sql: "ALTER ROLE cdb_readonly NOLOGIN",
                mendedBy: "ALTER ROLE cdb_readonly LOGIN"),
            Fault(
                "a role that may do all",
                expected("roles", "cdb_readonly is a superuser", "NOSUPERUSER"),
                in: Patient.copy, sql: "ALTER ROLE cdb_readonly SUPERUSER",
                mendedBy: "ALTER ROLE cdb_readonly NOSUPERUSER"),
            Fault(
                "rows that nobody guards",
                expected("roles", "rows in ledger", "ENABLE ROW LEVEL SECURITY"),
                in: Patient.copy, sql: "ALTER TABLE ledger DISABLE ROW LEVEL SECURITY",
                mendedBy: "ALTER TABLE ledger ENABLE ROW LEVEL SECURITY"),
        ]
    }

    private static var ledger: [Fault] {
        [
            Fault(
                "dead letters",
                .init(
                    point: "services", check: "dead letters", status: "warning",
                    detail: "cdb_writer could not read 1 of signals", remedy: "verify"),
                in: Patient.copy,
                sql: "INSERT INTO dead_letters (consumer, stream, seq, reason, payload)"
                    + " VALUES ('cdb_writer', 'signals', 1, 'poison', '')",
                mendedBy: "DELETE FROM dead_letters"),
            Fault(
                "a consumer that is far behind",
                .init(
                    point: "services", check: "lag",
                    detail: "cdb_risk is 4999 events behind on signals", remedy: "logs"),
                in: Patient.copy,
                sql: """
                    INSERT INTO consumer_offset VALUES ('cdb_risk', 'signals', 1);
                    INSERT INTO ledger VALUES ('signals', 5000, now(), null, null, '{}',
                        decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))
                    """,
                mendedBy: "DELETE FROM consumer_offset; DELETE FROM ledger"),
            Fault(
                "a stranger with the locks",
                .init(
                    point: "services", check: "locks",
                    detail: "orders, which belongs to cdb_risk, is held by tests",
                    remedy: "pg_terminate_backend"),
                changes: ["POSTGRES_DB": Patient.copy],
                make: { patient in
                    let connection = try patient.connection(to: Patient.copy)
                    patient.hold(connection)
                    // The keys are those that the services hold in their own database.
                    try connection.execute(
                        "SELECT pg_advisory_lock((classid::bigint << 32) | objid::bigint)"
                            + " FROM pg_locks WHERE locktype = 'advisory'")
                }, mend: { $0.letGo() }),
        ]
    }
}
