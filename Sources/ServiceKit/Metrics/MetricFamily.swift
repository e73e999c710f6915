import Synchronization

/// All series of one name: a child for each combination of label values.
///
/// Looking a child up takes a lock; callers on a hot path keep what they get.
public final class MetricFamily<Handle: Sendable>: Sendable {
    private struct Child: Sendable {
        let values: [String]
        /// Each sample's line up to its number: `name{symbol="BTC_USDT",source="cdb_ws"} `.
        let prefixes: [[UInt8]]
        let handle: Handle
    }

    let name: String
    let help: String
    let labelNames: [String]
    /// What a handle shows: one sample, for a histogram several.
    private let samples: [MetricSample]
    private let make: @Sendable () -> Handle
    private let symbols: SymbolLabels
    private let series = Mutex(Series())

    private struct Series {
        var handles: [[String]: Handle] = [:]
        /// Sorted by label values.
        var children: [Child] = []
    }

    init(
        name: String, help: String, labelNames: [String], symbols: SymbolLabels,
        samples: [MetricSample] = [MetricSample()], make: @escaping @Sendable () -> Handle
    ) {
        precondition(MetricText.isName(name), "\(name) is no name of a metric")
        precondition(labelNames.allSatisfy(MetricText.isName), "\(name) has a bad label name")
        self.name = name
        self.help = help
        self.labelNames = labelNames
        self.symbols = symbols
        self.samples = samples
        self.make = make
        if labelNames.isEmpty { _ = with([]) }
    }

    /// The series with these label values, in the order of the family's label names.
    public func with(_ values: String...) -> Handle { with(values) }

    public func with(_ values: [String]) -> Handle {
        precondition(values.count == labelNames.count, "\(name) has labels \(labelNames)")
        var values = values
        for (index, label) in labelNames.enumerated() where label == "symbol" {
            values[index] = symbols.admit(values[index])
        }
        return series.withLock { series in
            if let handle = series.handles[values] { return handle }
            let handle = make()
            series.handles[values] = handle
            let place = series.children.firstIndex {
                values.lexicographicallyPrecedes($0.values)
            }
            series.children.insert(
                child(values, handle), at: place ?? series.children.endIndex)
            return handle
        }
    }

    private func child(_ values: [String], _ handle: Handle) -> Child {
        let labels = MetricText.labels(names: labelNames, values: values)
        let prefixes = samples.map {
            MetricText.prefix(name, suffix: $0.suffix, labels: labels, extra: $0.label)
        }
        return Child(values: values, prefixes: prefixes, handle: handle)
    }

    /// Calls `body` for each series so far, sorted; the lock is held only while the array is taken.
    func forEach(_ body: (_ prefixes: [[UInt8]], _ handle: Handle) -> Void) {
        for child in series.withLock({ $0.children }) { body(child.prefixes, child.handle) }
    }
}

/// One of the lines that a handle shows: `_bucket` with `le="0.1"`.
struct MetricSample: Sendable {
    var suffix = ""
    var label = ""
}

/// The symbols that have series of their own: the first 2,000, all further ones are `other`.
final class SymbolLabels: Sendable {
    private let limit: Int
    private let known = Mutex<Set<String>>([])

    init(limit: Int) { self.limit = limit }

    func admit(_ symbol: String) -> String {
        known.withLock { known in
            if known.contains(symbol) { return symbol }
            guard known.count < limit else { return "other" }
            known.insert(symbol)
            return symbol
        }
    }
}
