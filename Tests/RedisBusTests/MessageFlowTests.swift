import PrivateServers
import RedisBus
import TestKit
import Testing

@Suite("Messages over Redis")
struct MessageFlowTests {
    typealias Message = BusFixture.Message

    @Test("arrive whole and in order, whatever their bytes")
    func order() throws {
        let settings = RedisSettings(try SharedServers.redis())
        let bus = BusFixture(settings, channels: ["flow a", "flow b"])
        try #require(bus.connect())
        var random = DeterministicRandom(seed: 1)
        var sent: [Message] = [Message("flow a", []), Message("flow b", [13, 10, 36, 0, 255])]
        for _ in 0..<500 {
            let channel = random.element(of: ["flow a", "flow b"])
            sent.append(Message(channel, random.bytes(count: random.number(in: 0...3_000))))
        }
        for message in sent { bus.publisher.publish(message.channel, message.bytes) }
        bus.publisher.publish("flow c", [1])  // Nobody listens.
        #expect(bus.run { bus.received.count >= sent.count })
        #expect(bus.received == sent)
        #expect(bus.run { bus.publisher.confirmed == sent.count + 1 })
        #expect(bus.publisher.dropped == 0)
        #expect(bus.subscriber.reconnects == 0)
    }

    @Test("are handed out up to the limit, and the rest at the next call")
    func limit() throws {
        let bus = BusFixture(RedisSettings(try SharedServers.redis()), channels: ["limit"])
        try #require(bus.connect())
        for number in 0..<10 { bus.publisher.publish("limit", [UInt8(number)]) }
        #expect(bus.publisher.flush(within: 20_000))
        #expect(
            eventually {
                bus.receive(limit: 3)
                return bus.count >= 3
            })
        #expect(bus.count == 3)
        #expect(bus.run { bus.count == 10 })
        #expect(bus.received == (0..<10).map { Message("limit", [UInt8($0)]) })
    }

    @Test("of 10 MB pass, and so do those behind them")
    func large() throws {
        let bus = BusFixture(RedisSettings(try SharedServers.redis()), channels: ["large"])
        try #require(bus.connect())
        var random = DeterministicRandom(seed: 2)
        let block = random.bytes(count: 1 << 10)
        let large = (0..<(10 << 10)).flatMap { _ in block }
        let sent = [[1], large, [2], large, [3]].map { Message("large", $0) }
        for message in sent { bus.publisher.publish(message.channel, message.bytes) }
        #expect(bus.run { bus.received.count == sent.count })
        #expect(bus.received == sent)
        #expect(bus.subscriber.reconnects == 0)
    }

    @Test("of a burst are all delivered and confirmed")
    func burst() throws {
        let bus = BusFixture(RedisSettings(try SharedServers.redis()), channels: ["burst"])
        bus.keepsMessages = false
        try #require(bus.connect())
        let message = [UInt8](repeating: 120, count: 200)
        for _ in 0..<50_000 { bus.publisher.publish("burst", message) }
        #expect(bus.run { bus.count == 50_000 && bus.publisher.confirmed == 50_000 })
        #expect(bus.publisher.dropped == 0)
    }

    @Test("pass over a Unix socket")
    func unixSocket() throws {
        let redis = try SharedServers.redis()
        var settings = RedisSettings(host: "no such host", password: redis.password, database: 3)
        settings.socketPath = redis.socketPath
        try #require(settings.socketPath != nil)
        let bus = BusFixture(settings, channels: ["socket"])
        try #require(bus.connect())
        bus.publisher.publish("socket", [7])
        #expect(bus.run { bus.received == [Message("socket", [7])] })
    }

    @Test("come with the server's policy for full memory")
    func policy() throws {
        let bus = BusFixture(RedisSettings(try SharedServers.redis()), channels: ["policy"])
        #expect(bus.publisher.maximumMemoryPolicy == nil)
        try #require(bus.connect())
        #expect(bus.publisher.maximumMemoryPolicy == "noeviction")
    }
}
