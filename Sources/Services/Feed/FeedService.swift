import CoreModels

/// A service that brings the market in. It owns no stream and writes no ledger, so it is no
/// `Service`.
public enum FeedService: String, Sendable, CaseIterable {
    /// The whole market over the exchange's socket.
    case webSocket = "cdb_ws"
    /// The same by asking again and again; alone, or when the socket is silent.
    case rest = "cdb_rest"

    var source: MarketSource {
        switch self {
        case .webSocket: .websocket
        case .rest: .rest
        }
    }
}
