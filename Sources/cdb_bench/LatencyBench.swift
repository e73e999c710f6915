/// The time of an order while nothing else goes on.
enum LatencyBench {
    static let count = 400

    static func run() throws {
        let stack = try BenchStack(OrderLatency.settings)
        Bench.printShares("order", try OrderLatency(stack).measure(count), of: count)
        try stack.close()
    }
}
