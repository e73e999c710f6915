import CoreModels
import Exchange
import ServiceKit

/// The series of cdb_ws and cdb_rest (HTTP_AND_METRICS.md).
final class FeedMetrics {
    private let source: MarketSource
    private let rejections: MetricFamily<Counter>
    private let requests: MetricFamily<Counter>
    private let faults: MetricFamily<Counter>
    private let messages: MetricFamily<Counter>
    private let processing: MetricFamily<Histogram>
    private let publishing: Histogram
    private let ingestion: Histogram
    private let receiptToPublish: MetricFamily<Histogram>
    private let gauges: [Standing: Gauge]
    let connections: Gauge
    let reconnects: Counter
    let dropped: Counter
    private var index = SymbolIndex()
    /// The number after the last symbol's: a market's symbols come in the same order each time.
    private var nextNumber = 0
    private var published: SymbolHandles<Counter>
    private let service: String
    /// By the kind of message.
    private var kinds: [String: Handling] = [:]
    private var receiptKinds: [String: Histogram] = [:]

    private struct Handling {
        let messages: Counter
        let processing: Histogram
    }

    /// In seconds: close around the 5 ms that the slowest hundredth may take at most.
    private static let receiptBounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0015, 0.002, 0.0025, 0.003, 0.0035, 0.004, 0.0045, 0.005,
        0.006, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]

    /// What a feed tells of itself now.
    enum Standing: String, CaseIterable {
        case clockSkew = "cdb_exchange_clock_skew_seconds"
        case staleSymbols = "cdb_stale_symbols"
        case activeSymbols = "cdb_active_symbols"
        case quotedSymbols = "cdb_quoted_symbols"
        case windowsFilled = "cdb_windows_filled"
        case windowsWanted = "cdb_windows_wanted"
        case pingRoundTrip = "cdb_exchange_ping_seconds"
        case redisReconnects = "cdb_redis_reconnects"

        var help: String {
            switch self {
            case .clockSkew: "This machine's clock ahead of the exchange's, in seconds."
            case .staleSymbols: "Symbols not heard of for longer than DATA_STALE_TIMEOUT_SEC."
            case .activeSymbols: "Symbols whose books and deals are followed."
            case .quotedSymbols: "Symbols whose bid and ask may be offered now."
            case .windowsFilled: "Windows that were filled with candles."
            case .windowsWanted: "Windows of symbols that have a price."
            case .pingRoundTrip: "From the last answered ping to its pong."
            case .redisReconnects: "Connections to Redis after the first."
            }
        }
    }

    init(_ metrics: Metrics, _ service: FeedService) {
        let source = service.source
        self.source = source
        self.service = service.rawValue
        let received = metrics.counter(
            "cdb_market_data_received_total", "Market data published.",
            labels: ["symbol", "source"])
        published = SymbolHandles { received.with($0, source.rawValue) }
        rejections = metrics.counter(
            "cdb_market_data_rejected_total", "What the exchange said and is not used.",
            labels: ["reason"])
        requests = metrics.counter(
            "cdb_rest_requests_total", "Questions to the exchange's REST and what became of them.",
            labels: ["endpoint", "status_code"])
        faults = metrics.counter(
            "cdb_exchange_faults_total", "What the exchange or the way to it did wrong.",
            labels: ["kind"])
        messages = metrics.counter(
            "cdb_exchange_messages_total", "Messages of the socket.", labels: ["kind"])
        processing = metrics.histogram(
            "cdb_event_processing_duration_seconds", "Time to handle one message.",
            labels: ["service", "event_type"])
        publishing = metrics.histogram(
            "cdb_redis_publish_duration_seconds", "Time to hand a batch to Redis.",
            labels: ["topic"]
        ).with("market_data")
        ingestion = metrics.histogram(
            "cdb_data_ingestion_latency_seconds", "From the exchange's time to publishing.",
            labels: ["source"]
        ).with(source.rawValue)
        receiptToPublish = metrics.histogram(
            "cdb_receipt_to_publish_seconds", "From a message's last byte to publishing.",
            labels: ["source", "event_type"], bounds: Self.receiptBounds)
        connections = metrics.gauge(
            "cdb_websocket_connections_active", "Open connections to the exchange's socket."
        ).with()
        reconnects = metrics.counter(
            "cdb_websocket_reconnects_total",
            "Connections to the exchange's socket after the first."
        ).with()
        dropped = metrics.counter(
            "cdb_market_data_dropped_total", "Market data lost while Redis was away."
        ).with()
        gauges = Dictionary(
            uniqueKeysWithValues: Standing.allCases.map {
                ($0, metrics.gauge($0.rawValue, $0.help).with())
            })
    }

    func set(_ standing: Standing, _ value: Double) { gauges[standing]?.set(value) }

    func published(_ symbol: Symbol) {
        let number = index.number(of: symbol, hint: nextNumber)
        nextNumber = number + 1
        published[number, symbol].increment()
    }

    func rejected(_ reason: String, _ count: Int = 1) {
        rejections.with(reason).increment(by: UInt64(count))
    }

    /// Brings the counts that the market keeps itself up to date.
    func rejected(total counts: [String: Int]) {
        for (reason, count) in counts { rejections.with(reason).raise(to: count) }
    }

    func asked(_ question: MarketQuestion, _ status: String) {
        requests.with(question.endpoint, status).increment()
    }

    func fault(_ kind: String) { faults.with(kind).increment() }

    func handled(_ kind: String, nanoseconds: Int64) {
        let series = kept(kind, in: &kinds) {
            Handling(messages: messages.with(kind), processing: processing.with(service, kind))
        }
        series.messages.increment()
        series.processing.observe(Double(nanoseconds) / 1e9)
    }

    func handed(nanoseconds: Int64) { publishing.observe(Double(nanoseconds) / 1e9) }

    /// The age of one market_data when it was published, by the exchange's time.
    func latency(exchangeMilliseconds: Int64) {
        ingestion.observe(Double(max(0, exchangeMilliseconds)) / 1e3)
    }

    /// From the receipt of messages of this kind to publishing.
    func receipts(_ kind: String) -> Histogram {
        kept(kind, in: &receiptKinds) { receiptToPublish.with(source.rawValue, kind) }
    }

    /// Looked up without the families' locks.
    private func kept<Handle>(
        _ kind: String, in handles: inout [String: Handle], make: () -> Handle
    ) -> Handle {
        if let known = handles[kind] { return known }
        let made = make()
        handles[kind] = made
        return made
    }
}

extension Counter {
    /// For what is counted elsewhere.
    func raise(to total: Int) {
        let total = UInt64(max(0, total))
        if total > value { increment(by: total - value) }
    }
}

extension MarketQuestion {
    /// A metric's label.
    var endpoint: String {
        switch self {
        case .serverTime: "ping"
        case .instruments: "detail"
        case .tickers: "ticker"
        case .candles: "kline"
        case .book: "depth"
        case .fundingRates: "funding_rate"
        }
    }
}

extension ExchangeFact {
    /// A metric's label.
    var kind: String {
        switch self {
        case .instruments: "instruments"
        case .tickers: "tickers"
        case .book: "book"
        case .snapshot: "book"
        case .fundingRates: "funding_rates"
        case .trades: "trades"
        case .candles: "candles"
        case .serverTime: "server_time"
        case .pong: "pong"
        case .acknowledged: "acknowledged"
        case .complaint: "complaint"
        case .unknown: "unknown"
        }
    }

    /// Prices, as against talk about the connection.
    var isMarket: Bool {
        switch self {
        case .tickers(let rows, _): !rows.isEmpty
        case .book, .trades: true
        // A book that was asked for is of one symbol and tells nothing of the feed.
        case .snapshot: false
        case .instruments, .candles, .fundingRates, .serverTime, .pong, .acknowledged, .complaint,
            .unknown:
            false
        }
    }
}
