import Glibc

/// A Postgres of our own: a child process with its data in one directory, on 127.0.0.1, ended by
/// the kernel when this process ends. Any thread may use it.
///
/// Postgres refuses to run as root; then it runs as `postgres` or `nobody` and the data belong to
/// that account. Where it could not reach the directory (below /root, say), the data lie in
/// /var/lib/claire-de-binare and `data` in the directory is a link to them.
public final class PrivatePostgres: Sendable {
    public let port: UInt16
    /// The superuser.
    public let user: String
    public let password: String
    /// Where log and lock lie, and `data` or a link to it.
    public let directory: String
    /// Where the data really lie.
    public let dataDirectory: String
    /// The directory of the Unix socket, as libpq's `host` takes it; nil where the path would be
    /// too long for one (107 bytes).
    public let socketDirectory: String?
    private let server: PrivateServer
    private let programs: String

    /// Starts a server and waits until it answers; the first time it makes the cluster.
    /// - Parameters:
    ///   - directory: made when it is missing; a server of an earlier run in it is stopped first.
    ///   - port: nil takes a free one.
    ///   - user: the superuser, made with the cluster.
    ///   - password: the superuser's, set when the cluster is made; not empty, one line.
    ///   - isDurable: false trades safety for speed (no fsync), for tests only.
    ///   - settings: further settings, such as `["log_statement": "all"]`.
    public static func start(
        directory: String, port: UInt16? = nil, user: String = "cdb", password: String,
        isDurable: Bool = true, settings: [String: String] = [:]
    ) throws(PrivateServerError) -> PrivatePostgres {
        try PrivatePostgres(
            directory: directory, port: try LoopbackPort.chosen(port), user: user,
            password: password, isDurable: isDurable, settings: settings)
    }

    private init(
        directory: String, port: UInt16, user: String, password: String, isDurable: Bool,
        settings: [String: String]
    ) throws(PrivateServerError) {
        let programs = try PostgresPrograms.find()
        let account = try Account.forPostgres()
        try Files.makeDirectory(directory, mode: 0o755)
        let home = Files.absolute(directory)
        let cluster = PostgresCluster(programs: programs, account: account)
        let data = try cluster.prepare(
            home: home, user: user, password: password, isDurable: isDurable)
        self.port = port
        self.user = user
        self.password = password
        self.directory = home
        self.programs = programs
        dataDirectory = data
        socketDirectory = "\(data)/.s.PGSQL.\(port)".utf8.count <= 107 ? data : nil
        var command = Command(
            "\(programs)/postgres", ["-D", data, "-p", "\(port)"],
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
        let all = Self.settings(isDurable: isDurable).merging(settings) { $1 }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) {
            command.arguments += ["-c", "\(name)=\(value)"]
        }
        command.workingDirectory = data
        command.output = .file("\(home)/postgres.log")
        command.ownProcessGroup = true
        command.whenParentEnds = .interrupt
        command.account = account
        server = try PrivateServer(
            PrivateServer.Plan(
                name: "postgres", command: command, port: port, directory: home,
                log: "\(home)/postgres.log", stopSignal: SIGINT,
                isReady: { Self.answers(port: port, user: user) }))
    }

    public var isRunning: Bool { server.isRunning }
    public var processIdentifier: Int32 { server.processIdentifier }
    /// How it ended, or nil while it runs.
    public var exitStatus: ExitStatus? { server.exitStatus }

    /// Ends all sessions and shuts down in order; killed after `seconds`.
    public func stop(seconds: Double = 20) { server.stop(seconds: seconds) }

    /// Ends it as a crash would (SIGKILL) and waits until all its processes are gone.
    public func kill() { server.kill() }

    /// Sends any signal, such as SIGSTOP to make it hang.
    public func signal(_ number: Int32) { server.signal(number) }

    /// Starts it again with the same port and data, after stopping it if it runs.
    public func restart() throws(PrivateServerError) { try server.restart() }

    /// Runs SQL as the superuser through `psql`.
    /// - Returns: the rows, columns parted by `|`, one row a line.
    /// - Throws: `ended` with what Postgres says.
    @discardableResult
    public func execute(
        _ statement: String, database: String = "postgres"
    ) throws(PrivateServerError) -> String {
        var command = Command(
            "\(programs)/psql",
            [
                "-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p",
                "\(port)", "-U", user, "-d", database, "-c", statement,
            ], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGPASSWORD": password])
        command.output = .pipe
        let process = try ChildProcess.start(command)
        var text = String(decoding: process.readOutput(), as: UTF8.self)
        let status = process.stop(seconds: 60)
        guard status.isSuccess else {
            throw .ended(server: "psql", status: "\(status)", log: text)
        }
        if text.last == "\n" { text.removeLast() }
        return text
    }

    private static func settings(isDurable: Bool) -> [String: String] {
        var settings = [
            "listen_addresses": "127.0.0.1", "unix_socket_directories": ".",
            "shared_buffers": "64MB", "max_connections": "50", "max_wal_size": "512MB",
            "cluster_name": "claire-de-binare", "timezone": "UTC", "log_timezone": "UTC",
            // A dead session is gone within 10 s (its advisory locks with it).
            "tcp_keepalives_idle": "4", "tcp_keepalives_interval": "2",
            "tcp_keepalives_count": "3", "logging_collector": "off",
        ]
        if !isDurable {
            for name in ["fsync", "full_page_writes", "synchronous_commit"] {
                settings[name] = "off"
            }
        }
        return settings
    }

    /// Asks for a session: `R` asks for the password, so the server is up; `E` is "starting up".
    private static func answers(port: UInt16, user: String) -> Bool {
        var body: [UInt8] = [0, 3, 0, 0]  // Protocol 3.0.
        for word in ["user", user, "database", "postgres"] { body += Array(word.utf8) + [0] }
        body.append(0)
        let length = UInt32(body.count + 4)
        let question = withUnsafeBytes(of: length.bigEndian) { Array($0) } + body
        let answer = LoopbackConnection.ask(question, port: port) { !$0.isEmpty }
        return answer?.first == UInt8(ascii: "R")
    }
}
