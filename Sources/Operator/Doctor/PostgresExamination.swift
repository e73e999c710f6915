import CoreModels
import Ledger
import ServiceKit

/// Asks Postgres what its checks judge.
enum PostgresExamination {
    private static let name = "reachable"

    static func findings(_ stack: ExaminedStack) -> [Finding] {
        do {
            var settings = try stack.address.postgres()
            settings.connectTimeout = Doctor.serverPatience
            settings.answerTimeout = Doctor.serverPatience
            let connection = try PostgresConnection(settings)
            defer { connection.close() }
            return try [
                .ok(
                    .postgres, name,
                    "\(settings.host):\(settings.port), \(settings.database) as \(settings.user)")
            ] + database(connection, settings, stack) + schema(connection, settings, stack.words)
        } catch let error as PostgresError {
            let remedy = remedy(error, stack.words)
            return [.failed(.postgres, name, error.description, remedy: remedy)]
        } catch let error as CommandFailure {
            let remedy = "set it; docs/CONFIGURATION.md"
            return [.failed(.postgres, name, error.message, remedy: remedy)]
        } catch {
            return [.failed(.postgres, name, "\(error)", remedy: stack.words.log("postgres"))]
        }
    }

    private static func remedy(_ error: PostgresError, _ words: RemedyWords) -> String {
        switch error {
        case .authentication: "set POSTGRES_USER and POSTGRES_PASSWORD as the server has them"
        case .refused(let text) where text.contains("database \""):
            "set POSTGRES_DB, or CREATE DATABASE and \(words.cdb("migrate"))"
        case .refused(let text) where text.contains("in time"):
            "it hangs: \(words.log("postgres")); \(words.restart("postgres"))"
        case .refused:
            "see that it runs and POSTGRES_HOST, POSTGRES_PORT name it: \(words.log("postgres")); "
                + words.start
        case .connectionLost, .unknownOutcome, .ownershipLost: words.log("postgres")
        case .sqlState: "give this login the rights of the schema's owner: docs/DATABASE.md, Roles"
        }
    }

    // MARK: The server

    private static func database(
        _ connection: PostgresConnection, _ place: PostgresSettings, _ stack: ExaminedStack
    ) throws(PostgresError) -> [Finding] {
        let result = try connection.run(settings())
        var values: [String: String] = [:]
        for row in 0..<result.rowCount { values[result.text(row, 0)] = result.text(row, 1) }
        let asked = SystemClock.now().milliseconds
        let state = try connection.run(state())
        let answered = SystemClock.now().milliseconds
        let check = DatabaseCheck(
            settings: values, isStandby: state.flag(0, 0),
            clockSkew: state.integer(0, 1) - (asked + answered) / 2)
        // The disk of a stack of `cdb up` is looked at whether it runs or not.
        guard stack.address.directory == nil, Doctor.isHere(place.host),
            let data = values["data_directory"]
        else { return check.findings }
        return check.findings + Doctor.disk(.postgres, data)
    }

    private static let settings = SQLStatement(
        "doctor_settings",
        """
        SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'server_version_num',
            'fsync', 'full_page_writes', 'synchronous_commit', 'default_transaction_read_only',
            'data_directory')
        """)
    private static let state = SQLStatement(
        "doctor_state",
        """
        SELECT pg_is_in_recovery(),
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint
        """)

    // MARK: The schema

    private static func schema(
        _ connection: PostgresConnection, _ place: PostgresSettings, _ words: RemedyWords
    ) throws(PostgresError) -> [Finding] {
        let error = try schemaError(connection)
        let owner = try connection.run(owner())
        let isThere = owner.rowCount > 0
        let findings = SchemaCheck(
            error: error, owner: isThere ? owner.text(0, 0) : nil, login: place.user,
            mayMigrate: isThere && owner.flag(0, 1), words: words
        ).findings
        if case .older = error { return findings }
        return try findings + roles(connection, place).findings
            + LocksCheck(holders: LockHolder.all(connection)).findings
            + delivery(connection, words).findings
    }

    private static func schemaError(
        _ connection: PostgresConnection
    ) throws(PostgresError) -> SchemaError? {
        do {
            try Migrations.check(connection)
            return nil
        } catch let error as SchemaError {
            return error
        } catch let error as PostgresError {
            throw error
        } catch {
            preconditionFailure("a schema fails in one of two ways, not with \(error)")
        }
    }

    private static let owner = SQLStatement(
        "doctor_owner",
        """
        SELECT pg_get_userbyid(relowner)::text, pg_has_role(current_user, relowner, 'MEMBER')
        FROM pg_class WHERE oid = to_regclass('public.schema_version')
        """)

    private static func roles(
        _ connection: PostgresConnection, _ place: PostgresSettings
    ) throws(PostgresError) -> RolesCheck {
        let names = SQLParameter.column(SQLColumn(DatabaseRights.roles))
        let tables = SQLParameter.column(SQLColumn(DatabaseRights.tables))
        let privileges = SQLParameter.column(SQLColumn(DatabaseRights.privileges))
        let results = try connection.run([
            roles(names), rights(names, tables, privileges), guarded(),
        ])
        return RolesCheck(
            database: place.database, login: place.user,
            roles: rows(results[0]).map { row in
                .init(
                    name: results[0].text(row, 0), mayLogin: results[0].flag(row, 1),
                    isSuperuser: results[0].flag(row, 2), isOurs: results[0].flag(row, 3),
                    mayConnect: results[0].flag(row, 4))
            },
            rights: Set(
                rows(results[1]).map { row in
                    .init(
                        role: results[1].text(row, 0), table: results[1].text(row, 1),
                        privilege: results[1].text(row, 2))
                }),
            guarded: Set(rows(results[2]).map { results[2].text($0, 0) }))
    }

    private static func rows(_ result: PostgresResult) -> Range<Int> { 0..<result.rowCount }

    private static let roles = SQLStatement(
        "doctor_roles",
        """
        SELECT rolname::text, rolcanlogin, rolsuper, pg_has_role(current_user, oid, 'MEMBER'),
            has_database_privilege(oid, current_database(), 'CONNECT')
        FROM pg_roles WHERE rolname = ANY($1::text[]) ORDER BY rolname
        """)
    private static let rights = SQLStatement(
        "doctor_rights",
        """
        SELECT r.rolname::text, c.relname::text, p.privilege
        FROM pg_roles r, pg_class c, unnest($3::text[]) AS p(privilege)
        WHERE r.rolname = ANY($1::text[]) AND c.relname = ANY($2::text[])
            AND c.relnamespace = 'public'::regnamespace
            AND has_table_privilege(r.oid, c.oid, p.privilege)
        """)
    private static let guarded = SQLStatement(
        "doctor_guarded",
        """
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
        """)

    // MARK: The ledger

    private static func delivery(
        _ connection: PostgresConnection, _ words: RemedyWords
    ) throws(PostgresError) -> DeliveryCheck {
        let results = try connection.run([lags(), deadLetters()])
        let counts = results.map { result in
            rows(result).map { row in
                DeliveryCheck.Count(
                    consumer: result.text(row, 0), stream: result.text(row, 1),
                    count: result.integer(row, 2))
            }
        }
        return DeliveryCheck(lags: counts[0], deadLetters: counts[1], words: words)
    }

    private static let lags = SQLStatement(
        "doctor_lags",
        """
        SELECT o.consumer, o.stream, h.top - o.seq
        FROM consumer_offset o,
            LATERAL (SELECT max(seq) AS top FROM ledger WHERE stream = o.stream) h
        WHERE h.top > o.seq ORDER BY 3 DESC, 1, 2
        """)
    private static let deadLetters = SQLStatement(
        "doctor_dead_letters",
        """
        SELECT consumer, stream, count(*) FROM dead_letters GROUP BY 1, 2 ORDER BY 1, 2
        """)
}
