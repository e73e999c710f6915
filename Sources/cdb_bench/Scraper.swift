import CoreModels
import Glibc
import ServiceKit
import Synchronization
import WireFormats

/// Asks every service for its metrics five times a second, as an impatient Prometheus would, and
/// keeps how long each answer took.
final class Scraper: Sendable {
    private static let intervalMilliseconds: Int64 = 200

    /// Milliseconds per answer; failed asks.
    private typealias Times = (answers: [Double], failures: Int)

    private let times = Mutex<Times>(([], 0))
    private let isStopping = Atomic<Bool>(false)
    private let threads = Mutex<[ServiceThread]>([])

    /// Starts at once: one thread a service, so that none waits for another.
    init(_ stack: BenchStack, _ services: [Service] = Service.allCases) throws {
        for service in services {
            let url = try stack.url(service, "/metrics")
            let thread = try ServiceThread("scraper") { [self] in scrape(url) }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Stops and prints what was seen.
    func printEnd() {
        isStopping.store(true, ordering: .releasing)
        for thread in threads.withLock({ $0 }) { thread.join() }
        let (answers, failures) = times.withLock { $0 }
        Bench.printShares("scrape", answers, of: answers.count + failures)
    }

    private func scrape(_ url: String) {
        while !isStopping.load(ordering: .acquiring) {
            let started = SystemClock.monotonicNanoseconds
            let isAnswered: Bool
            do {
                isAnswered =
                    try HTTPClient(timeoutMilliseconds: 5_000).send("GET", url).status == 200
            } catch {
                isAnswered = false  // Counted, as what an attack does.
            }
            let elapsed = Double(SystemClock.monotonicNanoseconds - started) / 1e6
            times.withLock {
                if isAnswered { $0.answers.append(elapsed) } else { $0.failures += 1 }
            }
            let left = Self.intervalMilliseconds - Int64(elapsed)
            if left > 0 { usleep(UInt32(left) * 1000) }
        }
    }
}
