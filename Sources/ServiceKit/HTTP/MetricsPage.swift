import Synchronization

/// The metrics as text, made anew at most so often that making it takes a tenth of the time:
/// a scrape gets fresh numbers, a thousand of them a second get those of a moment ago.
final class MetricsPage: Sendable {
    private static let restPerWork: Int64 = 9

    private let metrics: Metrics
    private let latest = Mutex<(page: [UInt8], untilNanoseconds: Int64)>(([], 0))

    init(_ metrics: Metrics) { self.metrics = metrics }

    /// The page, with `prepare` called before it is made.
    func read(_ prepare: () -> Void) -> [UInt8] {
        latest.withLock { latest in
            let started = SystemClock.monotonicNanoseconds
            guard started >= latest.untilNanoseconds else { return latest.page }
            prepare()
            var page: [UInt8] = []
            page.reserveCapacity(latest.page.count + 1_024)
            metrics.emit(into: &page)
            let ended = SystemClock.monotonicNanoseconds
            latest = (page, ended + (ended - started) * Self.restPerWork)
            return page
        }
    }
}
