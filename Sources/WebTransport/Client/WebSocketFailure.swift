/// Why a connection ended against our will, or never came to be. The raw value is a metric's label.
public enum WebSocketFailure: String, Equatable, Sendable, CaseIterable {
    /// Nobody listens at the address.
    case refused
    /// The host name leads nowhere.
    case nameUnknown = "name_unknown"
    /// No connection, or no answer to the handshake, within the time limit.
    case timeout
    /// The server's certificate is not good for this host.
    case certificate
    /// The server answered, but not as a WebSocket server does.
    case handshake
    /// A message above the limit.
    case tooLarge = "too_large"
    /// The reader took too little: more waited than the limit allows.
    case slowReader = "slow_reader"
    /// The connection broke without a closing handshake.
    case lost
}
