/// A `FeedSession` as an operator sees it; ages in milliseconds, nil where there was nothing yet.
public struct FeedStatus: Equatable, Sendable {
    public struct Stream: Equatable, Sendable {
        /// As it is subscribed.
        public var request: FeedRequest
        public var isConfirmed: Bool
        public var dataAge: Int64?

        public init(request: FeedRequest, isConfirmed: Bool, dataAge: Int64?) {
            self.request = request
            self.isConfirmed = isConfirmed
            self.dataAge = dataAge
        }
    }

    public var isConnected: Bool
    /// Of the connection that is open.
    public var connectedFor: Int64?
    /// Connections after the first one.
    public var reconnects: Int
    public var streams: [Stream]
    public var messageAge: Int64?
    public var pingAge: Int64?
    public var pongAge: Int64?
    /// From the last answered ping to its pong.
    public var roundTrip: Int64?

    public init(
        isConnected: Bool, connectedFor: Int64?, reconnects: Int, streams: [Stream],
        messageAge: Int64?, pingAge: Int64?, pongAge: Int64?, roundTrip: Int64?
    ) {
        self.isConnected = isConnected
        self.connectedFor = connectedFor
        self.reconnects = reconnects
        self.streams = streams
        self.messageAge = messageAge
        self.pingAge = pingAge
        self.pongAge = pongAge
        self.roundTrip = roundTrip
    }

    /// Everything wanted is flowing.
    public var isSynchronised: Bool { isConnected && streams.allSatisfy(\.isConfirmed) }
}
