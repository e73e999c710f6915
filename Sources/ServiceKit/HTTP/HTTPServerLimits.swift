/// The limits of an HTTP server; each has a name.
public struct HTTPServerLimits: Sendable {
    /// Connections served at once; further ones get 503.
    public var connections = 1_024
    /// From the first byte (or the connection) to the end of the head: beyond it 408.
    public var headMilliseconds: Int64 = 5_000
    /// From the first byte to the end of the body: beyond it 408.
    public var bodyMilliseconds: Int64 = 10_000
    /// Between two requests.
    public var idleMilliseconds: Int64 = 75_000
    /// Without any byte of an answer taken by the client.
    public var writeMilliseconds: Int64 = 10_000
    /// For the client to read the last answer before the connection goes.
    public var lingerMilliseconds: Int64 = 1_000
    /// For answers in hand when the server stops.
    public var stopMilliseconds: Int64 = 2_500
    /// Answers waiting on one connection before its further requests wait.
    public var pendingOutputBytes = 262_144
    public var workers = 2
    /// Deferred requests that wait for a worker; further ones get 503.
    public var waitingRequests = 64

    public init() {}
}
