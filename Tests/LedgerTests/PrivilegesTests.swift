import CoreModels
import Ledger
import Testing

@Suite("Least rights")
struct PrivilegesTests {
    private static let row =
        "now(), NULL, NULL, '{}', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')"

    @Test(
        "a service may do its own work",
        arguments: [
            ("cdb_core", "INSERT INTO ledger VALUES ('signals', 1, \(row))"),
            ("cdb_risk", "INSERT INTO ledger VALUES ('orders', 1, \(row))"),
            ("cdb_execution", "INSERT INTO ledger VALUES ('order_results', 1, \(row))"),
            ("cdb_writer", "INSERT INTO ledger VALUES ('alerts.cdb_writer', 1, \(row))"),
            ("cdb_writer", "UPDATE orders SET status = 'FILLED'"),
            ("cdb_risk", "INSERT INTO consumer_offset VALUES ('cdb_risk', 'signals', 1)"),
            ("cdb_readonly", "SELECT * FROM ledger, signals, service_state"),
        ])
    func allowed(role: String, script: String) throws {
        let connection = try PostgresConnection(Databases.migrated())
        try connection.execute("SET ROLE \(role); \(script)")
    }

    @Test(
        "and nothing else",
        arguments: [
            ("cdb_risk", "INSERT INTO signals SELECT * FROM signals"),
            ("cdb_risk", "INSERT INTO ledger VALUES ('signals', 1, \(row))"),
            ("cdb_core", "INSERT INTO ledger VALUES ('orders', 1, \(row))"),
            ("cdb_core", "UPDATE ledger SET cause = 'x'"),
            ("cdb_risk", "DELETE FROM ledger"),
            ("cdb_writer", "DELETE FROM ledger"),
            ("cdb_writer", "TRUNCATE ledger"),
            ("cdb_writer", "DELETE FROM signals"),
            ("cdb_writer", "INSERT INTO ledger VALUES ('account', 1, \(row))"),
            ("cdb_execution", "INSERT INTO consumer_offset VALUES ('cdb_risk', 'signals', 1)"),
            ("cdb_execution", "INSERT INTO service_state VALUES ('cdb_risk', 'trading', 1, '{}')"),
            ("cdb_readonly", "INSERT INTO alerts SELECT * FROM alerts"),
            ("cdb_core", "CREATE TABLE mine (n int)"),
            ("cdb_core", "UPDATE schema_version SET checksum = 'x'"),
        ])
    func forbidden(role: String, script: String) throws {
        let connection = try PostgresConnection(Databases.migrated())
        try connection.execute("SET ROLE \(role)")
        let error = #expect(throws: PostgresError.self) { try connection.execute(script) }
        guard case .sqlState(code: "42501", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an owner's session has only its service's rights")
    func ownRole() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.risk, settings)
        var batch = CommitBatch()
        batch.calls = [SQLStatement("foreign", "DELETE FROM ledger")()]
        #expect(throws: PostgresError.self) { try store.commit(batch) }
        #expect(store.isOpen)
    }
}
