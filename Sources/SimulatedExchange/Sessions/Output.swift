/// What has to be done to a socket.
public enum Output: Equatable, Sendable {
    case text([UInt8], to: Int)
    /// These bytes as a binary frame, compressed with gzip.
    case compressed([UInt8], to: Int)
    /// The beginning of a frame that never ends.
    case halfFrame([UInt8], to: Int)
    /// Cut the connection without a close frame, which clients see as code 1006.
    case cut(Int)
}

/// The exchange's clocks: the market's, which its messages carry, and the wall's, which rules the
/// network.
public struct Moment: Equatable, Sendable {
    /// Milliseconds since the epoch.
    public var market: Int64
    /// Milliseconds since any beginning.
    public var wall: Int64

    public init(market: Int64, wall: Int64) {
        self.market = market
        self.wall = wall
    }
}
