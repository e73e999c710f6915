import Glibc
import Ledger
import ServiceKit

/// The time of an order while nothing else goes on, beside what the machine gives: a commit of one
/// row at the same pace, and three of them one after the other, as an order needs them.
enum LatencyBench {
    static let count = 400

    static func run() throws {
        let stack = try BenchStack(OrderLatency.settings)
        Bench.printShares("order", try OrderLatency(stack).measure(count), of: count)
        let sessions = try (0..<3).map { _ in try stack.postgres() }
        try sessions[0].execute("CREATE TABLE bench_commit (n bigint)")
        Bench.printShares("bare commit of one row", try commits([sessions[0]]), of: count)
        Bench.printShares("three of them in a row", try commits(sessions), of: count)
        try stack.close()
    }

    private static func commits(_ sessions: [PostgresConnection]) throws -> [Double] {
        let insert = SQLStatement("bench_commit", "INSERT INTO bench_commit VALUES ($1::bigint)")
        return try (0..<count).map { number in
            usleep(UInt32(OrderLatency.interval) * 1000)
            let started = SystemClock.monotonicNanoseconds
            for session in sessions { try session.run([insert(.integer(Int64(number)))]) }
            return Double(SystemClock.monotonicNanoseconds - started) / 1e6
        }
    }
}
