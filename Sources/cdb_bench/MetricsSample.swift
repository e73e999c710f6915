/// A page of `/metrics` as it was at one moment.
struct MetricsSample {
    private let samples: [(series: Substring, value: Double)]

    init(_ page: String) {
        samples = page.split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), let blank = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: blank)...])
            else { return nil }
            return (line[..<blank], value)
        }
    }

    /// The sum over all series that begin so.
    func sum(_ series: String) -> Double {
        samples.reduce(0) { $1.series.hasPrefix(series) ? $0 + $1.value : $0 }
    }

    /// What a histogram has seen since an earlier page, all series whose labels are wanted.
    func buckets(
        _ name: String, since earlier: MetricsSample, where isWanted: (Substring) -> Bool
    ) -> Buckets {
        let (now, then) = (marks(name, isWanted), earlier.marks(name, isWanted))
        return Buckets(
            marks: now.map { mark in
                let before = then.first { $0.bound == mark.bound }?.count ?? 0
                return (mark.bound, mark.count - before)
            })
    }

    private func marks(
        _ name: String, _ isWanted: (Substring) -> Bool
    ) -> [(bound: Double, count: Double)] {
        var counts: [Double: Double] = [:]
        for sample in samples
        where sample.series.hasPrefix(name + "_bucket{") && isWanted(sample.series) {
            guard let start = sample.series.firstRange(of: "le=\"") else { continue }
            let text = sample.series[start.upperBound...].prefix { $0 != "\"" }
            counts[text == "+Inf" ? .infinity : Double(text) ?? .infinity, default: 0] +=
                sample.value
        }
        return counts.sorted { $0.key < $1.key }.map { (bound: $0.key, count: $0.value) }
    }

    /// Cumulative counts in the order of their upper bounds.
    struct Buckets {
        let marks: [(bound: Double, count: Double)]

        /// Interpolated within its bucket, as Prometheus does it; nothing seen: 0.
        func quantile(_ share: Double) -> Double {
            guard let total = marks.last?.count, total > 0 else { return 0 }
            var lower = (bound: 0.0, count: 0.0)
            for mark in marks {
                if mark.count >= total * share {
                    guard mark.bound.isFinite, mark.count > lower.count else { return lower.bound }
                    let part = (total * share - lower.count) / (mark.count - lower.count)
                    return lower.bound + (mark.bound - lower.bound) * part
                }
                lower = mark
            }
            return lower.bound
        }
    }
}
