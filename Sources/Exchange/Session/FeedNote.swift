public import CoreModels

/// Something about the connection that is worth a metric or a line in the log.
public enum FeedNote: Equatable, Sendable {
    /// A connection ended or did not come to be; the next attempt follows after `pause` ms.
    case lost(reason: String, pause: Int64)
    /// Nothing came for `FeedLimits.silence`.
    case silent
    /// Pongs came and no data.
    case stale
    /// The exchange misses our pings.
    case idleNotice
    /// Other data flowed, the whole market did not.
    case tickersSilent
    /// A subscription without data is asked for again.
    case unconfirmed(FeedRequest)
    /// The exchange does not have this symbol: not asked for again for `FeedLimits.refusal`.
    case unknownSymbol(Symbol)
    case complaint(String)
    /// Milliseconds so far.
    case slowPong(Int64)
    case anchorFailed(String)
    /// So many symbols beyond `FeedLimits.symbols` are not subscribed.
    case tooManySymbols(Int)

    /// A metric's label.
    public var kind: String {
        switch self {
        case .lost: "connection_lost"
        case .silent: "silent"
        case .stale: "stale_feed"
        case .idleNotice: "idle_notice"
        case .tickersSilent: "tickers_silent"
        case .unconfirmed: "unconfirmed"
        case .unknownSymbol: "unknown_symbol"
        case .complaint: "complaint"
        case .slowPong: "slow_pong"
        case .anchorFailed: "anchor_failed"
        case .tooManySymbols: "too_many_symbols"
        }
    }
}

extension FeedNote: CustomStringConvertible {
    public var description: String {
        switch self {
        case .lost(let reason, let pause): "\(reason); next attempt in \(pause) ms"
        case .silent: "nothing came for too long"
        case .stale: "the exchange answers pings and sends no data"
        case .idleNotice: "the exchange has heard no ping and closes"
        case .tickersSilent: "the market's tickers stopped; asking for them again"
        case .unconfirmed(let request): "no data yet, asking again: \(request)"
        case .unknownSymbol(let symbol): "the exchange does not have \(symbol)"
        case .complaint(let words): "the exchange says: \(words)"
        case .slowPong(let milliseconds): "no pong for \(milliseconds) ms"
        case .anchorFailed(let reason): "no tickers over REST: \(reason)"
        case .tooManySymbols(let count): "\(count) symbols too many to be subscribed"
        }
    }
}
