import Glibc
import PrivateServers
import RedisBus
import ServiceKit
import TestKit
import Testing

@Suite("A lost connection to Redis")
struct LostConnectionTests {
    typealias Message = BusFixture.Message

    @Test("comes back by itself after Redis was killed, and is counted")
    func killed() throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(directory: directory.path, password: "x")
        defer { redis.stop() }
        let bus = BusFixture(RedisSettings(redis), channels: ["bell"])
        try #require(bus.connect())

        redis.kill()
        #expect(bus.run { bus.subscriber.state != .subscribed && !bus.publisher.isConnected })
        #expect(bus.subscriber.lastError != nil)
        bus.publisher.publish("bell", [1])
        #expect(bus.publisher.dropped == 1)

        try redis.restart()
        try #require(bus.connect())
        #expect(bus.subscriber.reconnects == 1)
        #expect(bus.publisher.reconnects == 1)
        #expect(bus.subscriber.lastError == nil)
        bus.publisher.publish("bell", [2])
        #expect(bus.run { bus.received == [Message("bell", [2])] })
        #expect(bus.publisher.confirmed == 1)
    }

    @Test("is noticed when Redis hangs, without waiting for it")
    func silent() throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(directory: directory.path, password: "x")
        defer { redis.stop() }
        let bus = BusFixture(RedisSettings(redis), channels: ["bell"])
        try #require(bus.connect())
        redis.signal(SIGSTOP)
        let start = SystemClock.monotonicMilliseconds
        for (later, isConnected) in [(2_500, true), (7_000, true), (7_600, false)] {
            bus.subscriber.service(start + Int64(later))
            bus.publisher.service(start + Int64(later))
            #expect(bus.subscriber.isSubscribed == isConnected)
            #expect(bus.publisher.isConnected == isConnected)
        }
        guard case .silent = bus.subscriber.lastError else {
            Issue.record("not silent but \(String(describing: bus.subscriber.lastError))")
            return
        }
        redis.signal(SIGCONT)
        var now = start + 20_000
        #expect(
            eventually {
                now += 10
                bus.subscriber.service(now)
                bus.receive(limit: 10)
                return bus.subscriber.isSubscribed
            })
    }

    @Test("is not suspected while unread messages lie in the socket")
    func notListening() throws {
        let bus = BusFixture(RedisSettings(try SharedServers.redis()), channels: ["unread"])
        try #require(bus.connect())
        bus.publisher.publish("unread", [1])
        #expect(bus.publisher.flush(within: 20_000))
        // Redis may have answered the publisher before it writes to the subscriber.
        let arrived = Poller.wait(
            for: bus.subscriber.fileDescriptor, .readable, milliseconds: 20_000)
        try #require(arrived.contains(.readable))
        let start = SystemClock.monotonicMilliseconds
        for later in stride(from: 2_500, through: 60_000, by: 2_500) {
            bus.subscriber.service(start + Int64(later))
            #expect(bus.subscriber.isSubscribed)
        }
        bus.receive(limit: 10)
        #expect(bus.received == [Message("unread", [1])])
    }

    @Test("of a subscriber that Redis cuts off for being slow comes back and is counted")
    func cutOff() throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(
            directory: directory.path, password: "x",
            settings: ["client-output-buffer-limit pubsub 1mb 0 0"])
        defer { redis.stop() }
        let bus = BusFixture(RedisSettings(redis), channels: ["flood"])
        bus.keepsMessages = false
        try #require(bus.connect())
        let block = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<30 { bus.publisher.publish("flood", block) }
        #expect(bus.publisher.flush(within: 20_000))
        #expect(bus.run { bus.subscriber.reconnects == 1 && bus.subscriber.isSubscribed })
        #expect(bus.count < 30)
        let before = bus.count
        bus.publisher.publish("flood", [1])
        #expect(bus.run { bus.count == before + 1 })
    }

    @Test("does not let waiting messages grow above their limit")
    func bounded() throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(directory: directory.path, password: "x")
        defer { redis.stop() }
        let bus = BusFixture(RedisSettings(redis), channels: ["bell"])
        bus.keepsMessages = false
        try #require(bus.connect())
        redis.signal(SIGSTOP)
        let block = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<90 { bus.publisher.publish("bell", block) }
        let dropped = bus.publisher.dropped
        #expect(dropped > 0)
        redis.signal(SIGCONT)
        #expect(bus.run { bus.count == 90 - dropped && bus.publisher.confirmed == 90 - dropped })
    }
}
