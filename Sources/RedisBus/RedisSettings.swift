/// Where Redis is and how to be let in.
public struct RedisSettings: Sendable, Equatable {
    /// A name or an address. A name is looked up once per attempt to connect, which blocks for as
    /// long as the system's resolver takes.
    public var host: String
    /// 1…65535.
    public var port: Int
    /// A Unix socket that replaces host and port.
    public var socketPath: String?
    /// nil: Redis' own default user.
    public var user: String?
    /// nil: none is sent.
    public var password: String?
    public var database: Int

    public init(
        host: String = "127.0.0.1", port: Int = 6379, socketPath: String? = nil,
        user: String? = nil, password: String? = nil, database: Int = 0
    ) {
        self.host = host
        self.port = port
        self.socketPath = socketPath
        self.user = user
        self.password = password
        self.database = database
    }

    /// For messages to people.
    var address: String { socketPath ?? "\(host):\(port)" }
}
