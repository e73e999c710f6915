import CoreModels
import Ledger
import ServiceKit

/// The series that every service of the ledger has (HTTP_AND_METRICS.md, "all").
final class ServiceMetrics {
    private let processing: [CoreModels.Stream: Histogram]
    /// Of every 64th market_data: looking at the clock costs more than most of them.
    private lazy var marketData = eventProcessing.with(service.rawValue, "market_data")
    private let eventProcessing: MetricFamily<Histogram>
    private let service: Service
    private var marketDataSeen = 0
    private let publishing: [CoreModels.Stream: Histogram]
    private let commits: Histogram
    private let lags: [CoreModels.Stream: Gauge]
    private let refusals: MetricFamily<Counter>
    let gaps: Counter
    let duplicates: Counter
    let deadLetters: MetricFamily<Counter>
    let foreign: MetricFamily<Counter>
    private let redisReconnects: Gauge

    init(_ metrics: Metrics, service: Service, consumed: [CoreModels.Stream]) {
        let processing = metrics.histogram(
            "cdb_event_processing_duration_seconds",
            "Time to handle one event; of market_data every 64th is measured.",
            labels: ["service", "event_type"])
        let publishing = metrics.histogram(
            "cdb_redis_publish_duration_seconds", "Time to hand a batch to Redis.",
            labels: ["topic"])
        let lags = metrics.gauge(
            "cdb_consumer_lag_events", "Committed events this service has not handled.",
            labels: ["stream"])
        func perStream<Handle>(
            _ streams: [CoreModels.Stream], _ make: (CoreModels.Stream) -> Handle
        ) -> [CoreModels.Stream: Handle] {
            Dictionary(uniqueKeysWithValues: streams.map { ($0, make($0)) })
        }
        self.processing = perStream(consumed) {
            processing.with(service.rawValue, $0.rawValue)
        }
        eventProcessing = processing
        self.service = service
        self.publishing = perStream(service.streams) { publishing.with($0.rawValue) }
        self.lags = perStream(consumed) { lags.with($0.rawValue) }
        commits = metrics.histogram(
            "cdb_ledger_commit_duration_seconds", "Time of one commit, fsync included."
        ).with()
        gaps = metrics.counter(
            "cdb_sequence_gaps_total", "Messages of a feed that never came.", labels: ["stream"]
        ).with("market_data")
        duplicates = metrics.counter(
            "cdb_duplicates_skipped_total", "Messages that came again and were skipped.",
            labels: ["stream"]
        ).with("market_data")
        deadLetters = metrics.counter(
            "cdb_dead_letters_total", "Rows of the ledger that could not be read.",
            labels: ["stream"])
        // A series that begins with its first count would hide just that one from Prometheus.
        for stream in consumed { _ = deadLetters.with(stream.rawValue) }
        refusals = metrics.counter(
            "cdb_market_data_rejected_total", "Messages from outside that were refused.",
            labels: ["reason"])
        foreign = metrics.counter(
            "cdb_foreign_messages_total", "Messages on our channels that are not ours.",
            labels: ["channel"])
        redisReconnects = metrics.gauge(
            "cdb_redis_reconnects", "Connections to Redis after the first."
        ).with()
    }

    func rejected(_ reason: String) { refusals.with(reason).increment() }

    func handled(_ stream: CoreModels.Stream, nanoseconds: Int64) {
        processing[stream]?.observe(Double(nanoseconds) / 1e9)
    }

    /// When the handling of a market_data begins; nil when this one is not measured.
    func marketDataBegins() -> Int64? {
        marketDataSeen &+= 1
        return marketDataSeen & 63 == 0 ? SystemClock.monotonicNanoseconds : nil
    }

    func marketDataHandled(since started: Int64?) {
        guard let started else { return }
        marketData.observe(Double(SystemClock.monotonicNanoseconds - started) / 1e9)
    }

    func committed(nanoseconds: Int64) { commits.observe(Double(nanoseconds) / 1e9) }

    func published(_ entries: [LedgerEntry], nanoseconds: Int64) {
        for stream in Set(entries.map(\.stream)) {
            publishing[stream]?.observe(Double(nanoseconds) / 1e9)
        }
    }

    func lag(_ stream: CoreModels.Stream, _ count: Int64) { lags[stream]?.set(Double(count)) }
    func reconnects(_ count: Int) { redisReconnects.set(Double(count)) }
}
