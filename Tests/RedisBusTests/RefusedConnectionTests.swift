import PrivateServers
import RedisBus
import ServiceKit
import TestKit
import Testing

@Suite("A connection to Redis that is not made")
struct RefusedConnectionTests {
    @Test("for a wrong or missing password names the variable", arguments: ["wrong", nil])
    func password(_ password: String?) throws {
        let redis = try SharedServers.redis()
        let settings = RedisSettings(port: Int(redis.port), password: password)
        let bus = BusFixture(settings, channels: ["bell"])
        #expect(bus.run { bus.subscriber.lastError != nil && bus.publisher.lastError != nil })
        for error in [bus.subscriber.lastError, bus.publisher.lastError] {
            let error = try #require(error)
            #expect(!error.isRetryable)
            #expect(error.description.contains("REDIS_PASSWORD"))
            #expect(!error.description.contains("wrong"))
        }
        #expect(!bus.subscriber.isSubscribed)
        bus.publisher.publish("bell", [1])
        #expect(bus.publisher.dropped == 1)
    }

    @Test("for a password that Redis does not have names the variable")
    func unexpectedPassword() throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(directory: directory.path, password: "x")
        defer { redis.stop() }
        var command = Command(
            "redis-cli", ["-p", "\(redis.port)", "CONFIG", "SET", "requirepass", ""])
        command.environment["REDISCLI_AUTH"] = "x"
        command.output = .discarded
        #expect(try ChildProcess.start(command).wait(seconds: 20) == .exited(0))
        let bus = BusFixture(RedisSettings(redis), channels: ["bell"])
        #expect(bus.run { bus.subscriber.lastError != nil })
        #expect(bus.subscriber.lastError?.description.contains("REDIS_PASSWORD") == true)
    }

    @Test("for a database that Redis does not have says so")
    func database() throws {
        let redis = try SharedServers.redis()
        var settings = RedisSettings(redis)
        settings.database = 999
        let bus = BusFixture(settings, channels: ["bell"])
        #expect(bus.run { bus.subscriber.lastError != nil })
        #expect(
            bus.subscriber.lastError
                == .refused(
                    address: "127.0.0.1:\(redis.port)", reply: "ERR DB index is out of range"))
    }

    @Test("where nobody listens is retried after growing pauses")
    func nobody() throws {
        let port = try LoopbackPort.free()
        let subscriber = RedisSubscriber(settings: RedisSettings(port: Int(port)), channels: ["a"])
        var now: Int64 = 0
        var pauses: [Int64] = []
        for _ in 0..<7 {
            subscriber.service(now)
            #expect(subscriber.state == .disconnected)
            #expect(
                subscriber.lastError
                    == .unreachable(address: "127.0.0.1:\(port)", reason: "Connection refused"))
            pauses.append(subscriber.nextDeadline - now)
            now = subscriber.nextDeadline
        }
        #expect(pauses == [200, 400, 800, 1_600, 3_200, 5_000, 5_000])
        #expect(subscriber.fileDescriptor == -1)
    }

    @Test("because packets vanish is given up after a second, and no call waits for it")
    func vanishing() throws {
        let listener = try DeafListener()
        let settings = RedisSettings(port: listener.port, password: "x")
        let subscriber = RedisSubscriber(settings: settings, channels: ["a"])
        let publisher = RedisPublisher(settings: settings)
        subscriber.service(0)
        publisher.service(0)
        subscriber.service(999)
        publisher.service(999)
        #expect(subscriber.state == .connecting)
        #expect(subscriber.lastError == nil)
        publisher.publish("a", [1])
        publisher.flush()
        #expect(publisher.dropped == 1)
        subscriber.service(1_000)
        publisher.service(1_000)
        let expected = RedisError.unreachable(
            address: "127.0.0.1:\(listener.port)", reason: "no answer within 1000 ms")
        #expect(subscriber.lastError == expected)
        #expect(publisher.lastError == expected)
        #expect(subscriber.nextDeadline == 1_200)
    }

    @Test("to a server that accepts and says nothing is given up")
    func mute() throws {
        let listener = try MuteListener()
        let subscriber = RedisSubscriber(
            settings: RedisSettings(port: listener.port), channels: ["a"])
        subscriber.service(0)
        subscriber.service(1)
        #expect(subscriber.fileDescriptor >= 0)
        subscriber.service(6_000)
        #expect(
            subscriber.lastError
                == .silent(address: "127.0.0.1:\(listener.port)", milliseconds: 5_000))
    }

    @Test("to something that is no Redis says so")
    func foreign() throws {
        let listener = try MuteListener(says: "HTTP/1.1 400 Bad Request\r\n\r\n")
        let subscriber = RedisSubscriber(
            settings: RedisSettings(port: listener.port), channels: ["a"])
        #expect(
            eventually {
                subscriber.service(SystemClock.monotonicMilliseconds)
                listener.accept()
                return subscriber.lastError != nil
            })
        guard case .unintelligible = subscriber.lastError else {
            Issue.record("\(String(describing: subscriber.lastError))")
            return
        }
    }
}
