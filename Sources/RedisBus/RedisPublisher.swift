public import ServiceKit

/// Publishes messages, many per write. Belongs to one thread; no call waits, except for the
/// system's resolver when a host name is looked up, and `flush(within:)`.
///
/// While Redis is away messages are dropped and counted: a message is a bell, the ledger holds the
/// mail (docs/ARCHITECTURE.md).
public final class RedisPublisher {
    /// Bytes that may wait for a slow Redis; messages above are dropped.
    public static let maximumWaitingBytes = 64 << 20
    /// Enough for one write; more is written before the batch is whole.
    private static let writeBytes = 256 << 10

    /// Messages that Redis has confirmed.
    public private(set) var confirmed = 0
    /// Messages that were not sent, not confirmed before the connection broke, or refused.
    public private(set) var dropped = 0
    /// Why Redis refused the last message that it refused.
    public private(set) var lastRefusal: RedisError?
    private let connection: RedisConnection
    private var unconfirmed = 0
    private var writeAt = RedisPublisher.writeBytes

    public init(settings: RedisSettings) {
        connection = RedisConnection(
            settings, sink: ReplySink(channels: []),
            greetings: [.init(words: ["INFO", "memory"], isNecessary: false)])
    }

    /// Bytes that Redis has not taken yet: who sends faster than Redis takes may wait for less.
    public var waitingBytes: Int { connection.waitingBytes }
    public var isConnected: Bool { connection.state == .ready }
    /// Why the last connection ended or could not be made; nil while there is one.
    public var lastError: RedisError? { connection.lastError }
    /// Connections after the first.
    public var reconnects: Int { max(0, connection.connections - 1) }
    /// What to wait for; its descriptor is -1 while there is no connection.
    public var pollEntry: PollEntry { connection.pollEntry }
    public var fileDescriptor: Int32 { connection.pollEntry.fileDescriptor }
    /// When `service` should be called again at the latest, on its clock.
    public var nextDeadline: Int64 { connection.nextDeadline }

    /// What Redis does when its memory is full; it should be `noeviction`. nil while unknown.
    public var maximumMemoryPolicy: String? {
        guard let text = connection.greetingText else { return nil }
        let prefix = "maxmemory_policy:"
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(prefix) }
        return line.map { String($0.dropFirst(prefix.count)) }
    }

    /// Connects, logs in and watches whether Redis lives, as far as these are due.
    /// - Parameter now: milliseconds of the monotonic clock.
    public func service(_ now: Int64) {
        _ = connection.service(now)
        takeReplies()
    }

    /// Puts a message into the batch; `flush` sends it.
    public func publish(_ channel: String, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { publish(channel, $0) }
    }

    /// Puts a message into the batch; `flush` sends it.
    public func publish(_ channel: String, _ bytes: UnsafeRawBufferPointer) {
        let waiting = connection.waitingBytes
        guard isConnected, waiting + bytes.count <= Self.maximumWaitingBytes,
            connection.append(publish: bytes, on: channel)
        else {
            dropped += 1
            return
        }
        unconfirmed += 1
        if waiting >= writeAt {
            flush()
            writeAt = connection.waitingBytes + Self.writeBytes
        }
    }

    /// Writes what the socket takes and counts what Redis has confirmed.
    public func flush() {
        // Without anything under way there is nothing to write and no reply to come.
        guard unconfirmed > 0 || waitingBytes > 0 else { return }
        connection.write()
        writeAt = Self.writeBytes
        takeReplies()
    }

    /// As `flush`, waiting until all is confirmed, for the end of a service.
    /// - Returns: false when it was not within the time.
    @discardableResult
    public func flush(within milliseconds: Int64) -> Bool {
        let end = SystemClock.monotonicMilliseconds + milliseconds
        while true {
            flush()
            let left = end - SystemClock.monotonicMilliseconds
            if unconfirmed == 0 || left <= 0 || !isConnected { return unconfirmed == 0 }
            let entry = connection.pollEntry
            _ = Poller.wait(for: entry.fileDescriptor, entry.interest, milliseconds: left)
        }
    }

    private func takeReplies() {
        while isConnected, let reply = connection.nextReply() {
            switch reply {
            case .integer:
                unconfirmed -= 1
                confirmed += 1
            case .error(let text):
                lastRefusal = .reply(text, address: connection.settings.address)
                if unconfirmed > 0 {
                    unconfirmed -= 1
                    dropped += 1
                }
            case .status, .text, .message, .subscribed, .other: break
            }
        }
        if !isConnected {
            dropped += unconfirmed
            unconfirmed = 0
        }
    }
}
