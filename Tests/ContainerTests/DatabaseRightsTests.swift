import CoreModels
import Ledger
import PrivateServers
import TestKit
import Testing

@Suite("Rights in the database", .serialized)
struct DatabaseRightsTests {
    /// A Postgres whose users docker/postgres/roles.sql made, with the schema.
    final class Server {
        let postgres: PrivatePostgres
        private let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
            postgres = try PrivatePostgres.start(
                directory: directory.path, user: "postgres", password: "first", isDurable: false)
            try postgres.execute("CREATE DATABASE claire_de_binare")
            try makeRoles()
            _ = try Migrations.apply(enter("cdb_owner"))
        }

        deinit { postgres.stop() }

        /// Twice: every line may be repeated.
        private func makeRoles() throws {
            let file = ContainerFiles.path("docker/postgres/roles.sql")
            var command = Command(
                "psql",
                [
                    "-X", "-q", "-w", "-h", "127.0.0.1", "-p", "\(postgres.port)", "-U", "postgres",
                    "-d", "claire_de_binare", "-f", file, "-f", file,
                ], environment: ContainerFiles.environment)
            command.environment["PGPASSWORD"] = "first"
            command.output = .pipe
            let psql = try ChildProcess.start(command)
            let output = String(decoding: psql.readOutput(), as: UTF8.self)
            #expect(psql.wait(seconds: 20)?.isSuccess == true, "\(output)")
        }

        func enter(_ user: String, password: String? = nil) throws -> PostgresConnection {
            try PostgresConnection(
                PostgresSettings(
                    host: "127.0.0.1", port: Int(postgres.port), user: user,
                    password: password ?? ContainerFiles.password(of: user),
                    database: "claire_de_binare", applicationName: user))
        }
    }

    private static let row =
        "now(), NULL, NULL, '{}', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')"

    private static let allowed = [
        ("cdb_core", "INSERT INTO ledger VALUES ('signals', 1, \(row))"),
        ("cdb_risk", "INSERT INTO ledger VALUES ('orders', 1, \(row))"),
        ("cdb_execution", "INSERT INTO ledger VALUES ('order_results', 1, \(row))"),
        ("cdb_writer", "INSERT INTO ledger VALUES ('alerts.cdb_writer', 1, \(row))"),
        ("cdb_writer", "UPDATE orders SET status = 'FILLED'"),
        ("cdb_risk", "INSERT INTO consumer_offset VALUES ('cdb_risk', 'signals', 1)"),
        ("cdb_risk", "SET ROLE cdb_risk"),
        ("cdb_readonly", "SELECT * FROM ledger, signals, service_state"),
        ("cdb_exporter", "SELECT * FROM pg_stat_activity, pg_stat_database"),
        ("cdb_owner", "TRUNCATE signals"),
        ("cdb_owner", "SELECT pg_terminate_backend(0)"),
    ]

    private static let forbidden = [
        ("cdb_core", "INSERT INTO ledger VALUES ('orders', 1, \(row))"),
        ("cdb_core", "SET ROLE cdb_risk"),
        ("cdb_risk", "INSERT INTO ledger VALUES ('signals', 1, \(row))"),
        ("cdb_risk", "DELETE FROM ledger"),
        ("cdb_risk", "SET ROLE cdb_owner"),
        ("cdb_execution", "UPDATE ledger SET cause = 'x'"),
        ("cdb_execution", "INSERT INTO service_state VALUES ('cdb_risk', 'trading', 1, '{}')"),
        ("cdb_writer", "DELETE FROM signals"),
        ("cdb_writer", "CREATE TABLE mine (n int)"),
        ("cdb_writer", "CREATE TEMP TABLE mine (n int)"),
        ("cdb_readonly", "INSERT INTO alerts SELECT * FROM alerts"),
        ("cdb_readonly", "SELECT pg_read_file('PG_VERSION')"),
        ("cdb_exporter", "SELECT * FROM ledger"),
        ("cdb_exporter", "SELECT * FROM signals"),
        ("cdb_owner", "CREATE ROLE mine"),
        ("cdb_owner", "CREATE DATABASE mine"),
        ("cdb_owner", "COPY ledger TO PROGRAM 'cat'"),
    ]

    @Test("are those that each role needs, and no more")
    func rights() throws {
        let server = try Server()
        for (role, script) in Self.allowed {
            let connection = try server.enter(role)
            #expect(throws: Never.self, "\(role): \(script)") { try connection.execute(script) }
        }
        for (role, script) in Self.forbidden {
            let connection = try server.enter(role)
            let error = #expect(throws: PostgresError.self, "\(role): \(script)") {
                try connection.execute(script)
            }
            guard case .sqlState(code: "42501", _) = error else {
                Issue.record("\(role): \(script): \(String(describing: error))")
                continue
            }
        }
        try refuseStrangers(server)
        try ownStore(server)
    }

    /// Nobody enters with another's password, the feeds have nothing to do here, and the superuser
    /// does not come over the network at all.
    private func refuseStrangers(_ server: Server) throws {
        let strangers = [
            ("cdb_core", ContainerFiles.password(of: "cdb_risk")),
            ("cdb_ws", ContainerFiles.password(of: "cdb_ws")), ("postgres", "first"),
            ("postgres", ContainerFiles.password(of: "cdb_owner")), ("cdb_risk", ""),
        ]
        for (user, password) in strangers {
            #expect(throws: PostgresError.self, "\(user)") {
                _ = try server.enter(user, password: password)
            }
        }
        let log = try Files.read("\(server.postgres.directory)/postgres.log")
        #expect(!String(decoding: log, as: UTF8.self).contains("secret"))
    }

    /// What a service does at its start, as the user it is.
    private func ownStore(_ server: Server) throws {
        for service in Service.allCases {
            let settings = PostgresSettings(
                host: "127.0.0.1", port: Int(server.postgres.port), user: service.rawValue,
                password: ContainerFiles.password(of: service.rawValue),
                database: "claire_de_binare", applicationName: service.rawValue)
            let store = try LedgerStore(settings, service: service)
            #expect(try store.acquireLocks() == .owned)
        }
    }
}
