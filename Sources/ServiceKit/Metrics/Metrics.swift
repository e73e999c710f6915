import Synchronization

/// All metrics of one service and their page. Families are registered at start; the page lists
/// them in that order, children sorted, so that equal numbers give equal pages.
public final class Metrics: Sendable {
    /// Series of their own have at most this many symbols.
    public static let symbolLimit = 2_000

    private typealias Writer = @Sendable (_ page: inout [UInt8]) -> Void

    private let writers = Mutex<[(name: String, write: Writer)]>([])
    private let symbols: SymbolLabels
    /// `cdb_health_status{service}`: 1 while the service can do its job.
    public let health: Gauge

    /// With `cdb_build_info` and `cdb_health_status`, as every service has them.
    public init(
        service: String, version: String = BuildVersion.text,
        symbolLimit: Int = Metrics.symbolLimit
    ) {
        ProcessMetrics.begin()
        symbols = SymbolLabels(limit: symbolLimit)
        let build = MetricFamily(
            name: "cdb_build_info", help: "The version that runs; always 1.",
            labelNames: ["version", "service"], symbols: symbols, make: Gauge.init)
        let status = MetricFamily(
            name: "cdb_health_status", help: "1 while the service can do its job, else 0.",
            labelNames: ["service"], symbols: symbols, make: Gauge.init)
        build.with(version, service).set(1)
        health = status.with(service)
        register(build)
        register(status)
    }

    public func counter(
        _ name: String, _ help: String, labels: [String] = []
    ) -> MetricFamily<Counter> {
        let family = MetricFamily(
            name: name, help: help, labelNames: labels, symbols: symbols, make: Counter.init)
        register(name, help, "counter") { page in
            family.forEach { prefixes, counter in
                MetricText.appendSample(prefixes[0], Double(counter.value), to: &page)
            }
        }
        return family
    }

    public func gauge(
        _ name: String, _ help: String, labels: [String] = []
    ) -> MetricFamily<Gauge> {
        let family = MetricFamily(
            name: name, help: help, labelNames: labels, symbols: symbols, make: Gauge.init)
        register(family)
        return family
    }

    /// `bounds` ascend; the bucket above the last one is implied.
    public func histogram(
        _ name: String, _ help: String, labels: [String] = [],
        bounds: [Double] = HistogramBounds.seconds
    ) -> MetricFamily<Histogram> {
        let marks = bounds.map { MetricText.number($0) } + ["+Inf"]
        let samples =
            marks.map { MetricSample(suffix: "_bucket", label: "le=\"\($0)\"") }
            + [MetricSample(suffix: "_sum"), MetricSample(suffix: "_count")]
        let family = MetricFamily(
            name: name, help: help, labelNames: labels, symbols: symbols, samples: samples
        ) { Histogram(bounds: bounds) }
        register(name, help, "histogram") { page in
            family.forEach { prefixes, histogram in
                Self.append(histogram, prefixes, to: &page)
            }
        }
        return family
    }

    /// Appends the page; takes no lock that a counting thread waits for.
    public func emit(into page: inout [UInt8]) {
        for writer in writers.withLock({ $0 }) { writer.write(&page) }
        ProcessMetrics.append(to: &page)
    }

    private func register(_ family: MetricFamily<Gauge>) {
        register(family.name, family.help, "gauge") { page in
            family.forEach { prefixes, gauge in
                MetricText.appendSample(prefixes[0], gauge.value, to: &page)
            }
        }
    }

    private func register(
        _ name: String, _ help: String, _ type: String, _ write: @escaping Writer
    ) {
        let head = MetricText.head(name, help, type)
        writers.withLock { writers in
            precondition(!writers.contains { $0.name == name }, "\(name) is registered twice")
            writers.append(
                (
                    name,
                    { page in
                        page.append(contentsOf: head)
                        write(&page)
                    }
                ))
        }
    }

    private static func append(
        _ histogram: Histogram, _ prefixes: [[UInt8]], to page: inout [UInt8]
    ) {
        var cumulative: UInt64 = 0
        for (bucket, prefix) in zip(histogram.buckets, prefixes) {
            cumulative += bucket.value
            MetricText.appendSample(prefix, Double(cumulative), to: &page)
        }
        MetricText.appendSample(prefixes[prefixes.count - 2], histogram.sum, to: &page)
        // The same reading as the last bucket: a page that contradicts itself is refused.
        MetricText.appendSample(prefixes[prefixes.count - 1], Double(cumulative), to: &page)
    }
}
