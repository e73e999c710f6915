import Glibc

/// A redis-server of our own: a child process with its data in one directory, on 127.0.0.1, ended
/// by the kernel when this process ends. Any thread may use it.
public final class PrivateRedis: Sendable {
    public let port: UInt16
    public let password: String
    /// Where data, configuration, log and lock lie.
    public let directory: String
    /// The Unix socket; nil where the path would be too long for one (107 bytes).
    public let socketPath: String?
    private let server: PrivateServer

    /// Starts a server and waits until it answers.
    /// - Parameters:
    ///   - directory: made when it is missing; a server of an earlier run in it is stopped first.
    ///   - port: nil takes a free one.
    ///   - password: printable, at least 1 character. It is written to a file of mode 0600 only.
    ///   - settings: further lines of `redis.conf`, such as `maxmemory 10mb`.
    public static func start(
        directory: String, port: UInt16? = nil, password: String, settings: [String] = []
    ) throws(PrivateServerError) -> PrivateRedis {
        try PrivateRedis(
            directory: directory, port: try LoopbackPort.chosen(port), password: password,
            settings: settings)
    }

    private init(
        directory: String, port: UInt16, password: String, settings: [String]
    ) throws(PrivateServerError) {
        try Files.makeDirectory(directory, mode: 0o755)
        let home = Files.absolute(directory)
        let socket = "\(home)/redis.sock"
        self.port = port
        self.password = password
        self.directory = home
        socketPath = socket.utf8.count <= 107 ? socket : nil
        let program = try Program.find("redis-server", package: "redis-server")
        let file = "\(home)/redis.conf"
        let lines = try Self.configuration(
            home: home, socket: socketPath, port: port, password: password)
        try Files.write((lines + settings).joined(separator: "\n") + "\n", to: file)
        var command = Command(
            program, [file], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
        command.workingDirectory = home
        command.output = .file("\(home)/redis.log")
        command.ownProcessGroup = true
        command.whenParentEnds = .terminate
        server = try PrivateServer(
            PrivateServer.Plan(
                name: "redis-server", command: command, port: port, directory: home,
                log: "\(home)/redis.log", stopSignal: SIGTERM,
                isReady: { Self.answers(port: port, password: password) }))
    }

    public var isRunning: Bool { server.isRunning }
    public var processIdentifier: Int32 { server.processIdentifier }
    /// How it ended, or nil while it runs.
    public var exitStatus: ExitStatus? { server.exitStatus }

    /// Asks it to save and end; killed after `seconds`.
    public func stop(seconds: Double = 10) { server.stop(seconds: seconds) }

    /// Ends it as a crash would (SIGKILL) and waits until it is gone.
    public func kill() { server.kill() }

    /// Sends any signal, such as SIGSTOP to make it hang.
    public func signal(_ number: Int32) { server.signal(number) }

    /// Starts it again with the same port, password and data, after stopping it if it runs.
    public func restart() throws(PrivateServerError) { try server.restart() }

    private static func configuration(
        home: String, socket: String?, port: UInt16, password: String
    ) throws(PrivateServerError) -> [String] {
        var lines = [
            "bind 127.0.0.1", "port \(port)", "protected-mode yes", "daemonize no",
            "requirepass \(try quoted(password, name: "the password of redis-server"))",
            "dir \(try quoted(home, name: "the directory of redis-server"))",
            "appendonly yes", "appendfsync everysec", "save \"\"", "maxmemory-policy noeviction",
            "tcp-keepalive 5", "databases 16", "logfile \"\"",
            // A consumer that is held up for some seconds is not cut off: Redis' own limit is 32 MB.
            "client-output-buffer-limit pubsub 256mb 128mb 60",
        ]
        if let socket {
            let path = try quoted(socket, name: "the socket path of redis-server")
            lines += ["unixsocket \(path)", "unixsocketperm 700"]
        }
        return lines
    }

    /// A word of redis.conf.
    private static func quoted(
        _ text: String, name: String
    ) throws(PrivateServerError) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .badValue(name: name, reason: "must be printable and not empty")
        }
        var word = ""
        for character in text {
            if character == "\"" || character == "\\" { word.append("\\") }
            word.append(character)
        }
        return "\"\(word)\""
    }

    private static func answers(port: UInt16, password: String) -> Bool {
        let question =
            "*2\r\n$4\r\nAUTH\r\n$\(password.utf8.count)\r\n\(password)\r\n*1\r\n$4\r\nPING\r\n"
        let answer = LoopbackConnection.ask(Array(question.utf8), port: port) { bytes in
            bytes.count { $0 == UInt8(ascii: "\n") } >= 2
        }
        return answer.map { String(decoding: $0, as: UTF8.self) } == "+OK\r\n+PONG\r\n"
    }
}
