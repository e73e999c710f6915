public import ServiceKit

/// Receives what is published on some channels. Belongs to one thread; no call waits, except for
/// the system's resolver when a host name is looked up.
///
/// Each turn of a loop: `service`, wait for `pollEntry`, `receive`. Lost connections come back by
/// themselves after growing pauses; what was published meanwhile is lost, as it is with pub/sub.
public final class RedisSubscriber {
    public enum State: Sendable, Equatable {
        case disconnected
        case connecting
        case subscribed
    }

    private let connection: RedisConnection
    private let sink: ReplySink
    private let channels: [String]
    private var acknowledged = 0

    /// - Parameter channels: at least one.
    public init(settings: RedisSettings, channels: [String]) {
        precondition(!channels.isEmpty, "a subscriber needs a channel")
        self.channels = channels
        sink = ReplySink(channels: channels)
        connection = RedisConnection(settings, sink: sink)
    }

    public var state: State {
        switch connection.state {
        case .waiting: .disconnected
        case .connecting, .greeting: .connecting
        case .ready: acknowledged == channels.count ? .subscribed : .connecting
        }
    }

    public var isSubscribed: Bool { state == .subscribed }
    /// Why the last connection ended or could not be made; nil while there is one.
    public var lastError: RedisError? { connection.lastError }
    /// Connections after the first.
    public var reconnects: Int { max(0, connection.connections - 1) }
    /// What to wait for; its descriptor is -1 while there is no connection.
    public var pollEntry: PollEntry { connection.pollEntry }
    public var fileDescriptor: Int32 { connection.pollEntry.fileDescriptor }
    /// When `service` should be called again at the latest, on its clock.
    public var nextDeadline: Int64 { connection.nextDeadline }

    /// Connects, logs in, subscribes and watches whether Redis lives, as far as these are due.
    /// - Parameter now: milliseconds of the monotonic clock.
    public func service(_ now: Int64) {
        guard connection.service(now) else { return }
        acknowledged = 0
        connection.append(["SUBSCRIBE"] + channels)
        connection.write()
    }

    /// Hands out the messages that are there, in order, and returns how many.
    ///
    /// When it returns `limit`, more may lie in memory, where waiting for the descriptor does not
    /// see them: call again before waiting.
    /// - Parameter body: gets each message where it lies; the bytes are valid only during the call.
    @discardableResult
    public func receive(
        limit: Int, _ body: (_ channel: String, _ bytes: UnsafeRawBufferPointer) -> Void
    ) -> Int {
        guard connection.state == .ready else { return 0 }
        return withoutActuallyEscaping(body) { body in
            sink.deliver = body
            defer { sink.deliver = nil }
            return take(limit)
        }
    }

    private func take(_ limit: Int) -> Int {
        connection.write()
        var count = 0
        while count < limit, let reply = connection.nextReply() {
            switch reply {
            case .message: count += 1
            case .subscribed: acknowledged += 1
            case .error(let text):
                connection.fail(.reply(text, address: connection.settings.address))
            case .integer, .status, .text, .other: break
            }
        }
        return count
    }
}
