import Ledger
import PrivateServers

/// Fills a database from an archive: all of it, or nothing.
struct DatabaseRestore {
    let archive: BackupArchive
    let manifest: BackupManifest
    /// Whether events that are there may be dropped.
    let mayReplace: Bool
    let console: Console

    /// - Parameter connection: of the owner of the tables to be.
    /// - Throws: `CommandFailure` when the database is in use, not empty, or not what was dumped
    ///   afterwards.
    func run(_ connection: PostgresConnection) throws {
        let present = try Present.read(connection)
        try refuse(present)
        try makeRoles(connection)
        let input = try archive.open(BackupArchive.Member.database.rawValue)
        let progress = CopyProgress(console)
        try DatabaseCopy(settings: connection.settings, notice: progress.show).restore(
            from: input.output, server: manifest.database.server, replaces: present.hasLedger)
        progress.end()
        input.stop(signal: 0, seconds: 10)
        guard try DatabaseFacts.read(connection).heads == manifest.database.heads else {
            throw CommandFailure.failed(
                "the streams do not end where manifest.json of \(archive.path) says: it is not "
                    + "the dump that belongs to it")
        }
        _ = try Migrations.apply(connection)
    }

    private func refuse(_ present: Present) throws(CommandFailure) {
        let needed = DatabaseFacts.majorVersion(manifest.database.server)
        let server = DatabaseFacts.majorVersion(present.server)
        guard server >= needed else {
            throw .failed(
                "the backup is of Postgres \(needed), this server is version \(server): "
                    + "restore it into version \(needed) or newer")
        }
        if let users = present.users {
            throw .failed("\(users) use this database: stop the services first")
        }
        guard present.hasLedger || !present.hasTables else {
            throw .failed(
                "this database holds tables of something else; restore into one of its own")
        }
        guard !present.hasEvents || mayReplace else {
            throw .failed(
                "this stack is not empty: restore into a new directory or an empty database, or "
                    + "replace what it holds with --force")
        }
        guard present.schema <= manifest.database.schema else {
            throw .failed(
                "this database is at schema version \(present.schema), the backup at "
                    + "\(manifest.database.schema): restore it into a database without tables")
        }
    }

    /// Roles belong to the server, not to the dump that gives them rights.
    private func makeRoles(_ connection: PostgresConnection) throws {
        let names = SQLColumn(manifest.database.roles)
        let result = try connection.run(Self.missingRoles(.column(names)))
        for row in 0..<result.rowCount { try connection.execute(result.text(row, 0)) }
    }

    private static let missingRoles = SQLStatement(
        "restore_roles",
        """
        SELECT CASE WHEN r.oid IS NULL
            THEN format('CREATE ROLE %I LOGIN; GRANT %I TO CURRENT_USER', name, name)
            ELSE format('GRANT %I TO CURRENT_USER', name) END
        FROM unnest($1::text[]) AS name LEFT JOIN pg_roles r ON r.rolname = name
        WHERE r.oid IS NULL OR NOT pg_has_role(current_user, r.oid, 'MEMBER')
        """)
}

extension DatabaseRestore {
    /// What a database holds before a restore.
    private struct Present {
        let server: Int
        let hasTables: Bool
        let hasLedger: Bool
        let hasEvents: Bool
        let schema: Int64
        /// The services that hold its streams; nil when none does.
        let users: String?

        static func read(_ connection: PostgresConnection) throws(PostgresError) -> Present {
            let facts = try connection.run(facts())
            let hasLedger = facts.flag(0, 2)
            let contents = hasLedger ? try connection.run(contents()) : nil
            return Present(
                server: Int(facts.integer(0, 0)), hasTables: facts.flag(0, 1),
                hasLedger: hasLedger, hasEvents: contents?.flag(0, 0) ?? false,
                schema: contents?.integer(0, 1) ?? 0,
                users: facts.isNull(0, 3) ? nil : facts.text(0, 3))
        }

        private static let facts = SQLStatement(
            "restore_facts",
            """
            SELECT current_setting('server_version_num')::bigint,
                EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace),
                to_regclass('public.ledger') IS NOT NULL,
                (SELECT string_agg(DISTINCT coalesce(a.application_name, 'other sessions'), ', ')
                FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
                WHERE l.locktype = 'advisory' AND l.pid <> pg_backend_pid() AND l.database =
                    (SELECT oid FROM pg_database WHERE datname = current_database()))
            """)
        private static let contents = SQLStatement(
            "restore_contents",
            """
            SELECT EXISTS (SELECT FROM ledger) OR EXISTS (SELECT FROM service_state),
                (SELECT coalesce(max(version), 0) FROM schema_version)
            """)
    }
}
