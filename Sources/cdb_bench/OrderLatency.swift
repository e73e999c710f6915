import CoreModels
import EventSchema
import Glibc
import RedisBus
import ServiceKit

/// From a market_data on the bus to its order_result on the bus: three durable hops, 20 a second.
final class OrderLatency {
    static let settings = [
        "SIGNAL_COOLDOWN_SEC": "0", "SIGNAL_THRESHOLD_PCT": "0.1",
        "INITIAL_CAPITAL": "1000000000", "MAX_POSITION_PCT": "0.01", "MAX_EXPOSURE_PCT": "1.0",
        "MAX_OPEN_POSITIONS": "100",
    ]
    /// Milliseconds between two orders.
    static let interval: Int64 = 50

    private let market: BenchMarket
    private let subscriber: RedisSubscriber
    private var asked = 0

    /// For a stack with the settings above.
    init(_ stack: BenchStack) throws {
        market = try BenchMarket(try stack.redis(), symbols: 90)
        subscriber = RedisSubscriber(
            settings: try stack.redis(), channels: [Channel.orderResults.rawValue])
        let isSubscribed = Bench.wait(seconds: 5) { [subscriber] in
            subscriber.service(SystemClock.monotonicMilliseconds)
            subscriber.receive(limit: 1) { _, _ in }
            return subscriber.isSubscribed
        }
        guard isSubscribed else { throw BenchStack.Failure(description: "Redis does not answer") }
    }

    /// Milliseconds of each of `count` orders that was answered within 2 s.
    func measure(_ count: Int) -> [Double] {
        var latencies: [Double] = []
        for _ in 0..<count {
            // A symbol is bought and, one round later, sold, so that no limit fills up.
            let change = Ratio(asked / 90 % 2 == 0 ? 5 : -5)
            let due = SystemClock.monotonicMilliseconds + Self.interval
            let started = SystemClock.monotonicNanoseconds
            market.publish(market.message(asked, change: change))
            market.flush()
            asked += 1
            if let elapsed = answer(since: started) { latencies.append(elapsed) }
            let left = due - SystemClock.monotonicMilliseconds
            if left > 0 { usleep(UInt32(left) * 1000) }
        }
        return latencies
    }

    /// Milliseconds until the next order_result; nil when none came within 2 s.
    private func answer(since started: Int64) -> Double? {
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
