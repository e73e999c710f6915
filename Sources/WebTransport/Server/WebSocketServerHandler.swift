public import WireFormats

/// What a `WebSocketServer` does in answer to the world. All calls come on the thread that calls
/// `service`; each may call the server back.
public protocol WebSocketServerHandler: AnyObject {
    /// Answers an HTTP request, path and query as sent, body whole. Nil: the answer comes later
    /// through `answer(_:to:)` with this number.
    func answer(_ request: HTTPRequest, number: Int) -> HTTPResponse?
    /// A WebSocket is open. Numbers are given once and never again.
    func opened(_ connection: Int, path: String)
    /// A whole message, its fragments joined.
    func received(_ message: [UInt8], isBinary: Bool, from connection: Int)
    /// The WebSocket has ended, from whichever side.
    func closed(_ connection: Int)
}
