import ServiceKit

/// One look at a Redis: log in, ask `INFO`, leave.
public struct RedisInspection: Sendable, Equatable {
    private let fields: [String: String]

    /// - Parameter text: as `INFO` answers, `name:value` lines.
    public init(text: String) {
        var fields: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
        self.fields = fields
    }

    /// Waits at most `milliseconds`; only the lookup of a host name may take longer.
    public init(_ settings: RedisSettings, milliseconds: Int64) throws(RedisError) {
        let connection = RedisConnection(
            settings, sink: ReplySink(channels: []),
            greetings: [.init(words: ["INFO"], isNecessary: true)])
        let end = SystemClock.monotonicMilliseconds + milliseconds
        while true {
            let now = SystemClock.monotonicMilliseconds
            if connection.service(now) { break }
            if let error = connection.lastError { throw error }
            guard now < end else {
                throw .silent(address: settings.address, milliseconds: milliseconds)
            }
            let entry = connection.pollEntry
            _ = Poller.wait(
                for: entry.fileDescriptor, entry.interest,
                milliseconds: max(1, min(end, connection.nextDeadline) - now))
        }
        self.init(text: connection.greetingText ?? "")
    }

    /// A field of `INFO`: `maxmemory_policy`, `aof_enabled`, …; nil when there is none.
    public subscript(name: String) -> String? { fields[name] }

    /// A field that is a whole number.
    public func integer(_ name: String) -> Int64? { fields[name].flatMap { Int64($0) } }
}
