import PrivateServers
import RedisBus

/// The bus that is recorded.
protocol RecordSource {
    var redis: RedisSettings { get }
    /// As people call it.
    var title: String { get }

    /// Looks after what belongs to it.
    /// - Returns: why nothing more will come; nil while there is hope.
    mutating func check(at now: Int64, _ notice: (String) -> Void) -> String?

    /// Ends what was started, so that the last messages are on the bus.
    mutating func finish()
}

/// The bus of a stack, which lives its own life.
struct StackBus: RecordSource {
    let redis: RedisSettings
    var title: String { "the stack's Redis at \(redis.host):\(redis.port)" }

    mutating func check(at now: Int64, _ notice: (String) -> Void) -> String? { nil }
    mutating func finish() {}
}
