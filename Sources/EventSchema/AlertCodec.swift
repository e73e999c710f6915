public import CoreModels
import WireFormats

/// `alert`: docs/EVENT_SCHEMA.json. Only ours are read; the stream is that of `source`.
public enum AlertCodec: RecordCodec {
    enum Field: String, CaseIterable {
        case type, v, seq, id, cause, trace, level, code, message, context, source, timestamp
    }
    private static let fields = FieldTable(Field.self)

    public static func encode(_ alert: borrowing Alert, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("alert", alert.envelope)
            writer.name("level")
            writer.text(alert.level.rawValue)
            writer.name("code")
            writer.text(alert.code)
            writer.name("message")
            writer.text(alert.message)
            writer.name("context")
            writer.value(alert.context)
            writer.name("source")
            writer.text(alert.source.rawValue)
            writer.name("timestamp")
            writer.time(alert.timestamp)
            writer.endObject()
        }
    }

    public static func decode(_ bytes: RawSpan, from origin: Origin) throws(EventError) -> Alert {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> Alert {
        var envelope = EnvelopeFields()
        var level: Alert.Level?
        var code: String?
        var message: String?
        var context: Value?
        var source: Service?
        var timestamp: Timestamp?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("alert")
            case .v: try reader.version()
            case .seq: envelope.sequence = try reader.count()
            case .id: envelope.id = try reader.text()
            case .cause: envelope.cause = try reader.text()
            case .trace: envelope.trace = try reader.text()
            case .level: level = try reader.choice()
            case .code: code = try reader.text()
            case .message: message = try reader.text()
            case .context: context = try reader.object()
            case .source: source = try reader.choice()
            case .timestamp: timestamp = try reader.timestamp()
            }
        }
        let service = try reader.require(source, "source")
        return Alert(
            envelope: try envelope.envelope(reader, stream: service.alerts),
            level: try reader.require(level, "level"), code: try reader.require(code, "code"),
            message: message ?? "", context: context ?? .object([]), source: service,
            timestamp: try reader.moment(timestamp))
    }
}

extension EventReader {
    /// An object as a value.
    mutating func object() throws(EventError) -> Value? {
        switch try value() {
        case .null: return nil
        case .object(let members): return .object(members)
        case .flag, .integer, .decimal, .text, .list: throw failure(.wrongType)
        }
    }
}
