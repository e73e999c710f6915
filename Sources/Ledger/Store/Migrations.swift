import CoreModels
import WireFormats

/// One step of the schema: forward only, never changed once it is out.
struct Migration: Sendable {
    let version: Int64
    let description: String
    let script: [UInt8]

    var checksum: String { Hexadecimal.text(SHA256Digest.hash(script)) }

    /// In the order they are applied; the scripts lie in db/migrations.
    static let all = [
        Migration(
            version: 1, description: "ledger", script: PackageResources.V0001__ledger_sql),
        Migration(
            version: 2, description: "read tables",
            script: PackageResources.V0002__read_tables_sql),
        Migration(version: 3, description: "roles", script: PackageResources.V0003__roles_sql),
        Migration(
            version: 4, description: "ledger rows inline",
            script: PackageResources.V0004__ledger_rows_inline_sql),
    ]
}

/// Why the schema does not fit this program.
public enum SchemaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `present` is 0 for an empty database.
    case older(present: Int64, needed: Int64)
    case unknown(present: Int64, known: Int64)
    /// A migration that was applied is not the one this program has.
    case changed(version: Int64)

    public var description: String {
        switch self {
        case .older(let present, let needed):
            "the database schema is at version \(present), this program needs \(needed):"
                + " run `cdb migrate`"
        case .unknown(let present, let known):
            "the database schema is at version \(present), this program knows only \(known):"
                + " run a newer release"
        case .changed(let version):
            "migration \(version) was applied with another content (its checksum differs):"
                + " restore its file, and put changes into a new migration"
        }
    }
}

/// The schema's steps, from db/migrations, built into the program.
public enum Migrations {
    /// The version this program needs.
    public static var newest: Int64 { Migration.all.last?.version ?? 0 }

    /// Applies what is missing, each step in one transaction under one advisory lock.
    ///
    /// - Returns: the versions applied now; empty when there was nothing to do.
    /// - Throws: `SchemaError` or `PostgresError`.
    public static func apply(_ connection: PostgresConnection) throws -> [Int64] {
        try apply(Migration.all, connection)
    }

    /// - Throws: `SchemaError` when the schema is older, newer or another one.
    public static func check(_ connection: PostgresConnection) throws {
        let applied = try applied(connection)
        try compare(applied, Migration.all)
        let present = applied.last?.version ?? 0
        guard present == newest else { throw SchemaError.older(present: present, needed: newest) }
    }

    static func apply(
        _ migrations: [Migration], _ connection: PostgresConnection
    ) throws -> [Int64] {
        var done: [Int64] = []
        for migration in migrations {
            try connection.execute("BEGIN")
            do {
                if try applyOne(migration, migrations, connection) {
                    done.append(migration.version)
                }
                try connection.execute("COMMIT")
            } catch {
                if connection.isOpen { try connection.execute("ROLLBACK") }
                throw error
            }
        }
        return done
    }

    /// False when it had been applied before.
    private static func applyOne(
        _ migration: Migration, _ migrations: [Migration], _ connection: PostgresConnection
    ) throws -> Bool {
        try connection.execute(
            "SELECT pg_advisory_xact_lock(\(AdvisoryLock.key("migrations")))", timeout: 60_000)
        let applied = try applied(connection)
        try compare(applied, migrations)
        guard !applied.contains(where: { $0.version == migration.version }) else { return false }
        try connection.execute(String(decoding: migration.script, as: UTF8.self), timeout: 60_000)
        try connection.run([
            record(
                .integer(migration.version), .text(migration.description),
                .text(migration.checksum))
        ])
        return true
    }

    private static func compare(
        _ applied: [(version: Int64, checksum: String)], _ migrations: [Migration]
    ) throws(SchemaError) {
        let known = migrations.last?.version ?? 0
        for row in applied {
            guard let migration = migrations.first(where: { $0.version == row.version }) else {
                throw .unknown(present: row.version, known: known)
            }
            guard migration.checksum == row.checksum else {
                throw .changed(version: row.version)
            }
        }
    }

    private static func applied(
        _ connection: PostgresConnection
    ) throws(PostgresError) -> [(version: Int64, checksum: String)] {
        guard try connection.run(exists()).flag(0, 0) else { return [] }
        let result = try connection.run(list())
        return (0..<result.rowCount).map { (result.integer($0, 0), result.text($0, 1)) }
    }

    private static let exists = SQLStatement(
        "schema_exists", "SELECT to_regclass('public.schema_version') IS NOT NULL")
    private static let list = SQLStatement(
        "schema_list", "SELECT version, checksum FROM schema_version ORDER BY version")
    private static let record = SQLStatement(
        "schema_record",
        "INSERT INTO schema_version (version, description, checksum) VALUES ($1, $2, $3)")
}
