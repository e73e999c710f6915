public import CoreModels
import WireFormats

/// One line of the log, before it is bytes.
public struct LogLine: Equatable, Sendable {
    public enum Format: String, Sendable, CaseIterable {
        /// One JSON object a line, for machines.
        case json
        /// For a terminal.
        case text
    }

    /// Lines up to this many bytes reach a pipe whole or not at all (PIPE_BUF).
    public static let limit = 4_096

    public var time: Timestamp
    public var level: LogLevel
    public var service: String
    /// A stable word to search for: `redis_lost`.
    public var event: String
    /// A sentence for a person.
    public var message: String
    public var fields: [Value.Member]

    public init(
        time: Timestamp, level: LogLevel, service: String, event: String, message: String,
        fields: [Value.Member]
    ) {
        self.time = time
        self.level = level
        self.service = service
        self.event = event
        self.message = message
        self.fields = fields
    }

    /// The line with its line feed, at most `limit` bytes: fields that do not fit are left out and
    /// `truncated` says so.
    public func bytes(_ format: Format) -> [UInt8] {
        let whole = render(format)
        if whole.count <= Self.limit { return whole }
        var short = self
        short.fields = [.init("truncated", .flag(true))]
        var length = min(message.utf8.count, Self.limit)
        var bytes: [UInt8]
        repeat {
            // Escapes may make six bytes of one.
            short.message = String(decoding: message.utf8.prefix(length), as: UTF8.self)
            bytes = short.render(format)
            length /= 2
        } while bytes.count > Self.limit && length > 0
        return bytes
    }

    private func render(_ format: Format) -> [UInt8] {
        var bytes: [UInt8] = []
        switch format {
        case .json:
            var members: [Value.Member] = [
                .init("ts", .text(ISO8601.text(time))), .init("level", .text(level.name)),
                .init("service", .text(service)), .init("event", .text(event)),
                .init("message", .text(message)),
            ]
            if !fields.isEmpty { members.append(.init("fields", .object(fields))) }
            JSONWriter.append(.object(members), to: &bytes)
        case .text:
            let clock = ISO8601.text(time)
            let padding = String(repeating: " ", count: 5 - level.name.count)
            append("\(clock) \(level.name)\(padding) \(service) \(event): \(message)", to: &bytes)
            for field in fields {
                append(" \(field.name)=", to: &bytes)
                JSONWriter.append(field.value, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// Control characters would let a message forge lines or paint the terminal.
    private func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 })
    }
}
