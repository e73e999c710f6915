import CoreModels

/// Idle memory of the services just started.
enum StartBench {
    static func run() throws {
        let stack = try BenchStack([:])
        Bench.printMemory(try stack.usage(), "idle")
        try stack.close()
    }
}
