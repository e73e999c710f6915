/// The limits of an HTTP server; each has a name.
public struct HTTPServerLimits: Sendable {
    /// Connections served at once. Beyond it the one that has kept the server waiting longest
    /// gets 503 and goes; when none has for `patienceMilliseconds`, the new one does.
    public var connections = 1_024
    public var patienceMilliseconds: Int64 = 250
    /// Bytes of requests and answers held for all connections; beyond it the one with the most
    /// goes.
    public var heldBytes = 16_777_216
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
    public var pendingOutputBytes = 65_536
    /// Requests of one connection answered before the others have their turn.
    public var requestsPerTurn = 16
    public var workers = 2
    /// Deferred requests that wait for a worker; further ones get 503.
    public var waitingRequests = 64

    public init() {}
}
