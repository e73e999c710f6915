/// What a socket can subscribe to.
enum Topic: Hashable, Sendable {
    /// Rows of all contracts: the whole list first, then those that changed.
    case tickers
    case ticker
    case deals
    /// Changes of the book; unmerged ones come one by one.
    case depth(isMerged: Bool)
    /// The best levels, whole.
    case depthFull(limit: Int)
    case candles(CandleInterval)
    case fundingRate
    case indexPrice
    case fairPrice
    /// Changes of contracts' terms, which do not happen here.
    case contracts
    case eventContracts

    /// Between two pushes, in milliseconds of market time; zero: as things happen.
    var pace: Int64 {
        switch self {
        case .tickers: 2_000
        case .ticker: 2_700
        case .deals: 0
        case .depth: 200
        case .depthFull: 300
        case .candles, .indexPrice, .fairPrice: 1_000
        case .fundingRate, .contracts, .eventContracts: 60_000
        }
    }

    /// The channel of its pushes, without `push.`.
    var channel: String {
        switch self {
        case .tickers: "tickers"
        case .ticker: "ticker"
        case .deals: "deal"
        case .depth: "depth"
        case .depthFull: "depth.full"
        case .candles: "kline"
        case .fundingRate: "funding.rate"
        case .indexPrice: "index.price"
        case .fairPrice: "fair.price"
        case .contracts: "contract"
        case .eventContracts: "event.contract"
        }
    }

    /// It is about one contract, which a subscription names.
    var needsContract: Bool {
        switch self {
        case .tickers, .contracts, .eventContracts: false
        case .ticker, .deals, .depth, .depthFull, .candles, .fundingRate, .indexPrice, .fairPrice:
            true
        }
    }
}
