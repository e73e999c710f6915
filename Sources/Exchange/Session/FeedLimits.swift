/// Every limit of a `FeedSession`; times in milliseconds. From the measured behaviour of MEXC: it
/// closes 60 s after the last ping of ours, and its slowest stream comes every 2.3 s.
public struct FeedLimits: Equatable, Sendable {
    public var requestsPerSecond = 20
    /// Symbols with a book or trades.
    public var symbols = 100
    /// From the last ping sent to the next one.
    public var pingEvery: Int64 = 15_000
    /// A pong outstanding for longer is noted.
    public var slowPong: Int64 = 20_000
    /// Without any message for this long the connection is given up.
    public var silence: Int64 = 40_000
    /// Without data for this long, a stream is asked for again, or the connection is given up.
    public var dataSilence: Int64 = 15_000
    /// A subscription without data for this long is asked for again; then after twice that, up to
    /// 16 times: a market without trades has nothing to confirm with.
    public var confirmation: Int64 = 10_000
    /// A symbol that the exchange said it does not have is asked for again after so long.
    public var refusal: Int64 = 60_000
    public var anchorEvery: Int64 = 10_000
    /// An anchor without answer for this long counts as failed.
    public var anchorPatience: Int64 = 30_000
    /// To be connected.
    public var connectPatience: Int64 = 15_000
    /// For the end of a connection that we close.
    public var closePatience: Int64 = 3_000
    public var firstPause: Int64 = 500
    public var longestPause: Int64 = 30_000
    /// How often the first pause is doubled at most after a connection that gave data.
    public var doublingsAfterData = 2
    /// Data for this long makes a connection healthy: pauses begin anew. Short, so that a bad hour
    /// of an exchange does not make every single interruption a long one.
    public var healthy: Int64 = 3_000

    public init() {}
}
