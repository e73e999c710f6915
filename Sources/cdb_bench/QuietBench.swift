import CoreModels
import ServiceKit

/// Market data that triggers nothing: how many a second cdb_core handles, with cdb_risk and
/// cdb_execution listening too.
enum QuietBench {
    static let count = 400_000

    static func run() throws {
        let stack = try BenchStack([:])
        let market = try BenchMarket(try stack.redis(), symbols: 90)
        let messages = (0..<count).map { market.message($0, change: .zero) }
        let before = try stack.usage()
        let started = SystemClock.monotonicNanoseconds
        let seconds = market.publish(all: messages)
        var received: Int64 = 0
        var elapsed = 0.0
        // Done when nothing has come for a while: what Redis could not keep never comes.
        var quietSince = SystemClock.monotonicNanoseconds
        _ = try Bench.wait(seconds: 60) {
            let seen = try stack.status(.core)["market_data_received"].integer ?? 0
            let now = SystemClock.monotonicNanoseconds
            if seen != received {
                received = seen
                quietSince = now
                elapsed = Double(now - started) / 1e9
            }
            return received == count || now - quietSince > 3_000_000_000
        }
        let cpu = try stack.usage().cpuSeconds - before.cpuSeconds
        Bench.line("published", Double(count) / seconds, "a second")
        Bench.line("handled by cdb_core", Double(received), "of \(count)")
        Bench.line("handled by cdb_core", Double(received) / elapsed, "a second")
        Bench.line("CPU of our services", cpu / Double(count) * 1e6, "µs a message, all four")
        try stack.close()
    }
}
