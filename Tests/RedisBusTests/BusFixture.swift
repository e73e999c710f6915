import PrivateServers
import RedisBus
import ServiceKit
import TestKit

/// A subscriber and a publisher on one Redis, moved on by hand.
final class BusFixture {
    struct Message: Equatable {
        let channel: String
        let bytes: [UInt8]

        init(_ channel: String, _ bytes: [UInt8]) {
            self.channel = channel
            self.bytes = bytes
        }
    }

    let subscriber: RedisSubscriber
    let publisher: RedisPublisher
    private(set) var received: [Message] = []
    private(set) var count = 0
    /// Whether messages are kept in `received`.
    var keepsMessages = true

    init(_ settings: RedisSettings, channels: [String]) {
        subscriber = RedisSubscriber(settings: settings, channels: channels)
        publisher = RedisPublisher(settings: settings)
    }

    /// One turn of a service's loop.
    func turn(limit: Int = 100_000) {
        let now = SystemClock.monotonicMilliseconds
        subscriber.service(now)
        publisher.service(now)
        receive(limit: limit)
        publisher.flush()
    }

    func receive(limit: Int) {
        subscriber.receive(limit: limit) { channel, bytes in
            count += 1
            if keepsMessages { received.append(Message(channel, Array(bytes))) }
        }
    }

    /// Takes turns until the condition holds.
    func run(until condition: () -> Bool) -> Bool {
        eventually {
            turn()
            return condition()
        }
    }

    func connect() -> Bool {
        run { subscriber.isSubscribed && publisher.isConnected }
    }
}

extension RedisSettings {
    init(_ redis: PrivateRedis) {
        self.init(port: Int(redis.port), password: redis.password)
    }
}
