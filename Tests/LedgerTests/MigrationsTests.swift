import CoreModels
import Ledger
import Testing

@Suite("Migrations")
struct MigrationsTests {
    @Test("an empty database is refused, migrated once, and then left alone")
    func twice() throws {
        let connection = try PostgresConnection(Databases.empty())
        #expect(throws: SchemaError.older(present: 0, needed: Migrations.newest)) {
            try Migrations.check(connection)
        }
        #expect(try Migrations.apply(connection) == Array(1...Migrations.newest))
        try Migrations.check(connection)
        #expect(try Migrations.apply(connection) == [])
        #expect(try connection.number("SELECT count(*) FROM schema_version") == Migrations.newest)
    }

    @Test("a changed checksum is refused by both, apply and check")
    func changed() throws {
        let connection = try PostgresConnection(Databases.migrated())
        try connection.execute("UPDATE schema_version SET checksum = 'x' WHERE version = 2")
        #expect(throws: SchemaError.changed(version: 2)) { try Migrations.check(connection) }
        #expect(throws: SchemaError.changed(version: 2)) { try Migrations.apply(connection) }
    }

    @Test("an older and an unknown schema are refused by number")
    func otherVersions() throws {
        let connection = try PostgresConnection(Databases.migrated())
        let newest = Migrations.newest
        try connection.execute("INSERT INTO schema_version VALUES (99, 'future', 'x')")
        #expect(throws: SchemaError.unknown(present: 99, known: newest)) {
            try Migrations.check(connection)
        }
        try connection.execute("DELETE FROM schema_version WHERE version >= \(newest)")
        #expect(throws: SchemaError.older(present: newest - 1, needed: newest)) {
            try Migrations.check(connection)
        }
    }

    @Test("a service does not start on an empty database")
    func serviceRefuses() throws {
        let settings = try Databases.empty()
        #expect(throws: SchemaError.self) { try LedgerStore(settings, service: .core) }
    }
}
