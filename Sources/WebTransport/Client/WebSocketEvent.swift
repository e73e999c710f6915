extension WebSocketClient {
    /// What happens on a connection, in order.
    public enum Event: Equatable, Sendable {
        /// The handshake is done: now `send` reaches the server.
        case opened
        /// A whole message, its fragments joined. `receivedAt` is the wall clock in milliseconds
        /// since the epoch, `monotonic` the monotonic clock in nanoseconds, both read when its last
        /// byte came.
        case message(bytes: [UInt8], isBinary: Bool, receivedAt: Int64, monotonic: Int64)
        /// The connection has ended or never came to be: the last event of each `connect`. `code`
        /// is the close code, 1006 when there was none. `reason` is for people and names address
        /// and cause. The failure is nil when one of the two sides closed in good order.
        case closed(code: Int, reason: String, WebSocketFailure?)
    }
}
