/// Where the database is and as whom to enter it (docs/CONFIGURATION.md, `POSTGRES_*`).
public struct PostgresSettings: Sendable {
    public var host: String
    public var port: Int
    public var user: String
    public var password: String
    public var database: String
    /// Shown in `pg_stat_activity`: who holds a lock is found by it.
    public var applicationName: String
    /// How long a connection may take, in milliseconds.
    public var connectTimeout: Int64 = 5_000
    /// How long an answer may take before the session counts as lost, in milliseconds.
    public var answerTimeout: Int64 = 10_000

    public init(
        host: String, port: Int, user: String, password: String, database: String,
        applicationName: String
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.database = database
        self.applicationName = applicationName
    }

    /// A dead peer is noticed on both sides within 10 s (docs/DELIVERY.md): 3 s + 3 × 2 s.
    var keywords: [(name: String, value: String)] {
        [
            ("host", host), ("port", String(port)), ("user", user), ("password", password),
            ("dbname", database), ("application_name", applicationName),
            ("client_encoding", "UTF8"), ("keepalives", "1"), ("keepalives_idle", "3"),
            ("keepalives_interval", "2"), ("keepalives_count", "3"), ("tcp_user_timeout", "9000"),
            (
                "options",
                "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
                    + " -c tcp_user_timeout=9000"
                    // A server process that waits for a lock looks whether we still live, too.
                    + " -c client_connection_check_interval=2000"
            ),
        ]
    }
}
