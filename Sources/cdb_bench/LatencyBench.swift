import CoreModels
import EventSchema
import Glibc
import RedisBus
import ServiceKit

/// From a market_data on the bus to its order_result on the bus: three durable hops, 20 a second.
enum LatencyBench {
    static let count = 400
    static let interval: Int64 = 50

    static func run() throws {
        let stack = try BenchStack([
            "SIGNAL_COOLDOWN_SEC": "0", "SIGNAL_THRESHOLD_PCT": "0.1",
            "INITIAL_CAPITAL": "1000000000", "MAX_POSITION_PCT": "0.01", "MAX_EXPOSURE_PCT": "1.0",
            "MAX_OPEN_POSITIONS": "100",
        ])
        let market = try BenchMarket(try stack.redis(), symbols: 90)
        let subscriber = RedisSubscriber(
            settings: try stack.redis(), channels: [Channel.orderResults.rawValue])
        _ = Bench.wait(seconds: 5) {
            subscriber.service(SystemClock.monotonicMilliseconds)
            subscriber.receive(limit: 1) { _, _ in }
            return subscriber.isSubscribed
        }
        var latencies: [Double] = []
        for index in 0..<count {
            // A symbol is bought and, one round later, sold, so that no limit fills up.
            let change = Ratio(index / 90 % 2 == 0 ? 5 : -5)
            let due = SystemClock.monotonicMilliseconds + interval
            let started = SystemClock.monotonicNanoseconds
            market.publish(market.message(index, change: change))
            market.flush()
            if let elapsed = answer(subscriber, since: started) { latencies.append(elapsed) }
            let left = due - SystemClock.monotonicMilliseconds
            if left > 0 { usleep(UInt32(left) * 1000) }
        }
        latencies.sort()
        guard !latencies.isEmpty else {
            throw BenchStack.Failure(description: "no order_result came")
        }
        Bench.line("answered", Double(latencies.count), "of \(count)")
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
            let place = min(latencies.count - 1, Int(Double(latencies.count) * share))
            Bench.line(name, latencies[place], "ms")
        }
        try stack.close()
    }

    /// Milliseconds until the next order_result; nil when none came within 2 s.
    private static func answer(_ subscriber: RedisSubscriber, since started: Int64) -> Double? {
        let deadline = SystemClock.monotonicMilliseconds + 2000
        while SystemClock.monotonicMilliseconds < deadline {
            if subscriber.receive(limit: 10, { _, _ in }) > 0 {
                return Double(SystemClock.monotonicNanoseconds - started) / 1e6
            }
            _ = Poller.wait(for: subscriber.fileDescriptor, .readable, milliseconds: 100)
        }
        return nil
    }
}
