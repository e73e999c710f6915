import CoreModels
import Ledger
import Testing

@Suite("A session with Postgres")
struct PostgresConnectionTests {
    private static func error(_ body: () throws -> Void) -> PostgresError? {
        do {
            try body()
            return nil
        } catch {
            return error as? PostgresError
        }
    }

    @Test("a wrong password is told apart, is not tried again and is not repeated in the text")
    func wrongPassword() throws {
        var settings = try Databases.empty()
        settings.password = "wrong-secret"
        let error = Self.error { _ = try PostgresConnection(settings) }
        guard case .authentication(let text) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!text.contains("wrong-secret"))
        #expect(error?.isRetryable == false)
    }

    @Test("a port nobody listens on refuses and may be tried again")
    func refused() throws {
        var settings = try Databases.empty()
        settings.port = 1
        let error = Self.error { _ = try PostgresConnection(settings) }
        guard case .refused = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.isRetryable == true)
    }

    @Test("statements of one run are one transaction, and a refused one leaves the session usable")
    func allOrNothing() throws {
        let connection = try PostgresConnection(Databases.empty())
        try connection.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
        let insert = SQLStatement("insert", "INSERT INTO t VALUES ($1)")
        let broken = SQLStatement("broken", "SELECT 1 / ($1::bigint)")
        let error = Self.error {
            try connection.run([insert(.integer(1)), broken(.integer(0)), insert(.integer(2))])
        }
        #expect(error == .sqlState(code: "22012", message: "division by zero"))
        #expect(try connection.number("SELECT count(*) FROM t") == 0)
        try connection.run([insert(.integer(1)), insert(.integer(2))])
        #expect(try connection.number("SELECT count(*) FROM t") == 2)
    }

    @Test("an answer that does not come in time ends the session")
    func hangingServer() throws {
        var settings = try Databases.empty()
        settings.answerTimeout = 100
        let connection = try PostgresConnection(settings)
        let error = Self.error { try connection.execute("SELECT pg_sleep(60)") }
        #expect(error == .connectionLost("no answer in time"))
        #expect(!connection.isOpen)
        #expect(
            Self.error { try connection.execute("SELECT 1") }
                == .connectionLost("the session is closed"))
    }

    @Test("a session that is terminated from outside is lost")
    func terminated() throws {
        let settings = try Databases.empty()
        let victim = try PostgresConnection(settings)
        let pid = try victim.number("SELECT pg_backend_pid()")
        let other = try PostgresConnection(settings)
        try other.execute("SELECT pg_terminate_backend(\(pid), 10000)")
        guard case .connectionLost = Self.error({ try victim.execute("SELECT 1") }) else {
            Issue.record("the session should be lost")
            return
        }
        #expect(!victim.isOpen)
    }

    @Test(
        "numbers arrive exact",
        arguments: [
            "0.0", "1.0", "-1.0", "45000.0", "0.000000000000000001", "-0.000000000000000001",
            "12345678901234567890.123456789012345678", "99999999999999999999.999999999999999999",
            "0.00001234", "10000.00010001",
        ])
    func numbers(text: String) throws {
        let connection = try PostgresConnection(Databases.settings("postgres"))
        let value = try #require(Money(text))
        var column = SQLColumn(.number)
        column.append(value)
        let echo = SQLStatement(
            "echo", "SELECT (($1::numeric[])[1]::numeric(38,18) = $2::text::numeric)")
        #expect(try connection.run(echo(.column(column), .text(text))).flag(0, 0))
    }

    @Test("what a column cannot hold is held at its border: numbers, moments, U+0000")
    func borders() throws {
        let connection = try PostgresConnection(Databases.settings("postgres"))
        var number = SQLColumn(.number)
        number.append(Money(raw: .max))
        number.append(Money(raw: -.max))
        var time = SQLColumn(.time)
        time.append(Timestamp(milliseconds: .max))
        time.append(Timestamp(milliseconds: .min))
        let text = SQLColumn(["a\0b"])
        let echo = SQLStatement(
            "echo",
            """
            SELECT ($1::numeric[])[1]::numeric(38,18)::text, ($1::numeric[])[2]::text,
                (($2::timestamptz[])[1] AT TIME ZONE 'UTC')::text,
                (($2::timestamptz[])[2] AT TIME ZONE 'UTC')::text, ($3::text[])[1]
            """)
        let result = try connection.run(echo(.column(number), .column(time), .column(text)))
        let border = "99999999999999999999.999999999999999999"
        #expect(result.text(0, 0) == border)
        #expect(result.text(0, 1) == "-" + border)
        #expect(result.text(0, 2) == "9999-12-31 23:59:59.999")
        #expect(result.text(0, 3) == "0001-01-01 00:00:00")
        #expect(result.text(0, 4) == "a\u{FFFD}b")
    }

    @Test("nulls, empty texts and empty arrays are three things")
    func nulls() throws {
        let connection = try PostgresConnection(Databases.settings("postgres"))
        var column = SQLColumn(.text)
        column.append(nil as String?)
        column.append("")
        let echo = SQLStatement(
            "echo",
            """
            SELECT ($1::text[])[1] IS NULL, ($1::text[])[2] = '', cardinality($2::text[]) = 0,
                $3::text IS NULL, $4::text = ''
            """)
        let result = try connection.run(
            echo(.column(column), .column(SQLColumn(.text)), .null, .text("")))
        #expect((0..<5).allSatisfy { result.flag(0, $0) })
    }
}
