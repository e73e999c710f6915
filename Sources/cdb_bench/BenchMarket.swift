import CoreModels
import EventSchema
import RedisBus
import ServiceKit

/// Made-up market data for measurements, sent as fast as Redis takes it or one by one.
final class BenchMarket {
    let symbols: [Symbol]
    private let publisher: RedisPublisher
    private let feed: String
    private(set) var sent: Int64 = 0

    /// Connects to Redis.
    init(_ redis: RedisSettings, symbols count: Int) throws {
        symbols = (0..<count).compactMap { Symbol("BENCH\($0)_USDT") }
        publisher = RedisPublisher(settings: redis)
        feed = "bench-\(SystemClock.now().milliseconds)"
        let deadline = SystemClock.monotonicMilliseconds + 5000
        while !publisher.isConnected {
            publisher.service(SystemClock.monotonicMilliseconds)
            _ = Poller.wait(
                for: publisher.fileDescriptor, publisher.pollEntry.interest, milliseconds: 20)
            guard SystemClock.monotonicMilliseconds < deadline else {
                throw BenchStack.Failure(description: "Redis does not answer")
            }
        }
    }

    /// The next message of the feed: `change` percent for the symbol with this number.
    func message(_ number: Int, change: Ratio) -> [UInt8] {
        sent += 1
        return MarketDataCodec.encode(
            MarketData(
                symbol: symbols[number % symbols.count], timestamp: SystemClock.now(),
                price: Price(100), bid: Price("99.99"), ask: Price("100.01"),
                volume: Money(1_000_000_000), pctChange: change,
                reference: MarketReference(feed: feed, sequence: sent)))
    }

    func publish(_ message: [UInt8]) {
        publisher.publish(Channel.marketData.rawValue, message)
    }

    func flush() { publisher.flush() }

    /// Publishes all, never more than Redis' input takes; returns the seconds it took.
    func publish(all messages: [[UInt8]]) -> Double {
        let started = SystemClock.monotonicNanoseconds
        for (index, message) in messages.enumerated() {
            publish(message)
            if index % 1000 == 999 {
                publisher.flush()
                while publisher.waitingBytes > 4 << 20 {
                    let entry = publisher.pollEntry
                    _ = Poller.wait(
                        for: entry.fileDescriptor, entry.interest, milliseconds: 100)
                    publisher.flush()
                }
            }
        }
        publisher.flush(within: 10_000)
        return Double(SystemClock.monotonicNanoseconds - started) / 1e9
    }
}
