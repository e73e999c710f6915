import Glibc
import Ledger
import ServiceKit

/// The time of an order while nothing else goes on, beside what the machine gives: a commit of one
/// row, at the same pace, of which an order needs three one after the other.
enum LatencyBench {
    static let count = 400

    static func run() throws {
        let stack = try BenchStack(OrderLatency.settings)
        Bench.printShares("order", try OrderLatency(stack).measure(count), of: count)
        Bench.printShares("bare commit of one row", try commits(stack.postgres()), of: count)
        try stack.close()
    }

    private static func commits(_ database: PostgresConnection) throws -> [Double] {
        try database.execute("CREATE TABLE bench_commit (n bigint PRIMARY KEY)")
        let insert = SQLStatement("bench_commit", "INSERT INTO bench_commit VALUES ($1::bigint)")
        return try (0..<count).map { number in
            usleep(UInt32(OrderLatency.interval) * 1000)
            let started = SystemClock.monotonicNanoseconds
            try database.run([insert(.integer(Int64(number)))])
            return Double(SystemClock.monotonicNanoseconds - started) / 1e6
        }
    }
}
