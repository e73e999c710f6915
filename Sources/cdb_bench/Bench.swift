import CoreModels
import Glibc
import ServiceKit

/// `cdb_bench [codec|backtest|start|latency|quiet|burst|feed|attack …]`: measures a stack of its
/// own and prints numbers; asserts none, because machines differ.
@main
enum Bench {
    static func main() {
        let wanted = Array(CommandLine.arguments.dropFirst())
        let benches: [(name: String, run: () throws -> Void)] = [
            ("codec", CodecBench.run), ("backtest", BacktestBench.run), ("start", StartBench.run),
            ("latency", LatencyBench.run), ("quiet", QuietBench.run), ("burst", BurstBench.run),
            ("feed", FeedBench.run), ("attack", AttackBench.run),
        ]
        let unknown = wanted.filter { name in !benches.contains { $0.name == name } }
        guard unknown.isEmpty else {
            print(
                "there is no bench \(unknown.joined(separator: ", "));"
                    + " there are \(benches.map(\.name).joined(separator: ", "))")
            exit(2)
        }
        do {
            for bench in benches where wanted.isEmpty || wanted.contains(bench.name) {
                print("\(bench.name):")
                try bench.run()
            }
        } catch {
            print("failed: \(error)")
            exit(1)
        }
    }

    static func line(_ name: String, _ value: Double, _ unit: String) {
        let text = value >= 1000 ? "\(Int(value))" : "\((value * 1000).rounded() / 1000)"
        print("  \(name): \(text) \(unit)")
    }

    /// Prints the middle, the tail and the worst of these milliseconds.
    static func printShares(_ name: String, _ milliseconds: [Double], of asked: Int) {
        let sorted = milliseconds.sorted()
        var text = "  \(name): \(sorted.count) of \(asked) answered"
        for (title, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)]
        where !sorted.isEmpty {
            let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
            text += ", \(title) \((value * 100).rounded() / 100) ms"
        }
        print(text)
    }

    /// Waits until the condition holds; false when it did not within the time.
    static func wait(seconds: Double, until condition: () throws -> Bool) rethrows -> Bool {
        let deadline = SystemClock.monotonicMilliseconds + Int64(seconds * 1000)
        while try !condition() {
            guard SystemClock.monotonicMilliseconds < deadline else { return false }
            usleep(100_000)
        }
        return true
    }

    static func printMemory(_ usage: BenchStack.Usage, _ when: String) {
        for (service, bytes) in usage.residentBytes {
            line("\(service.rawValue) resident \(when)", bytes / 1_048_576, "MiB")
        }
    }
}
