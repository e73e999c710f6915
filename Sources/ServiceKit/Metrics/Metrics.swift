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
        register(name) { page in
            MetricText.appendHead(name, help, "counter", to: &page)
            for child in family.series() {
                MetricText.appendSample(
                    name, labels: child.labels, Double(child.handle.value), to: &page)
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
        let family = MetricFamily(name: name, help: help, labelNames: labels, symbols: symbols) {
            Histogram(bounds: bounds)
        }
        let marks = bounds.map { "le=\"\(MetricText.number($0))\"" } + ["le=\"+Inf\""]
        register(name) { page in
            MetricText.appendHead(name, help, "histogram", to: &page)
            for child in family.series() {
                Self.append(child.handle, name, child.labels, marks, to: &page)
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
        register(family.name) { page in
            MetricText.appendHead(family.name, family.help, "gauge", to: &page)
            for child in family.series() {
                MetricText.appendSample(
                    family.name, labels: child.labels, child.handle.value, to: &page)
            }
        }
    }

    private func register(_ name: String, _ write: @escaping Writer) {
        writers.withLock { writers in
            precondition(!writers.contains { $0.name == name }, "\(name) is registered twice")
            writers.append((name, write))
        }
    }

    private static func append(
        _ histogram: Histogram, _ name: String, _ labels: [UInt8], _ marks: [String],
        to page: inout [UInt8]
    ) {
        var cumulative: UInt64 = 0
        for (bucket, mark) in zip(histogram.buckets, marks) {
            cumulative += bucket.value
            MetricText.appendSample(
                name, suffix: "_bucket", labels: labels, extra: mark, Double(cumulative), to: &page)
        }
        MetricText.appendSample(name, suffix: "_sum", labels: labels, histogram.sum, to: &page)
        // The same reading as the last bucket: a page that contradicts itself is refused.
        MetricText.appendSample(
            name, suffix: "_count", labels: labels, Double(cumulative), to: &page)
    }
}
