/// What a client bears. Every queue and message has its limit here.
public struct WebSocketLimits: Equatable, Sendable {
    /// The largest message, fragments joined, in bytes; a larger one closes the connection.
    public var messageBytes: Int
    /// How many messages may wait for the reader …
    public var waitingMessages: Int
    /// … and how many bytes of them; one more closes the connection.
    public var waitingBytes: Int
    /// How many messages may wait to be sent; one more closes the connection.
    public var unsentMessages: Int
    /// For name, TCP, TLS and the answer to the handshake, each, in seconds.
    public var connectSeconds: Int

    public init(
        messageBytes: Int = 2 << 20, waitingMessages: Int = 4_096, waitingBytes: Int = 16 << 20,
        unsentMessages: Int = 1_024, connectSeconds: Int = 10
    ) {
        precondition(
            messageBytes > 0 && waitingMessages > 0 && waitingBytes >= messageBytes
                && unsentMessages > 0 && connectSeconds > 0,
            "limits are above zero, and one message fits into the queue")
        self.messageBytes = messageBytes
        self.waitingMessages = waitingMessages
        self.waitingBytes = waitingBytes
        self.unsentMessages = unsentMessages
        self.connectSeconds = connectSeconds
    }
}
