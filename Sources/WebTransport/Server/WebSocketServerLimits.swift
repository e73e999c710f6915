/// What a server bears.
public struct WebSocketServerLimits: Equatable, Sendable {
    /// The largest body of a request and the largest message of a client, in bytes.
    public var receivedBytes: Int
    /// How many bytes may wait to be sent on one WebSocket; one message more cuts it.
    public var unsentBytes: Int
    /// Sockets at the same time; further ones are closed at once.
    public var sockets: Int

    public init(
        receivedBytes: Int = 64 << 10, unsentBytes: Int = 16 << 20, sockets: Int = 1_000
    ) {
        precondition(
            receivedBytes > 0 && unsentBytes > 0 && sockets > 0, "limits are above zero")
        self.receivedBytes = receivedBytes
        self.unsentBytes = unsentBytes
        self.sockets = sockets
    }
}

/// PEM files with which a server speaks TLS.
public struct ServerCertificate: Equatable, Sendable {
    public let chainFile: String
    public let keyFile: String

    public init(chainFile: String, keyFile: String) {
        self.chainFile = chainFile
        self.keyFile = keyFile
    }
}
