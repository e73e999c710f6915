import CoreModels
import WireFormats

/// `progress`: docs/EVENT_SCHEMA.json. Everything but heads and offsets is mandatory.
public enum ProgressBellCodec: RecordCodec {
    enum Field: String, CaseIterable { case type, service, feed, seq, committed, heads, offsets }
    private static let fields = FieldTable(Field.self)

    public static func encode(_ bell: borrowing ProgressBell, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.beginObject()
            writer.name("type")
            writer.plain("progress")
            writer.name("service")
            writer.text(bell.service)
            writer.name("feed")
            writer.text(bell.feed)
            writer.name("seq")
            writer.integer(bell.sequence)
            writer.name("committed")
            writer.integer(bell.committed)
            writer.name("heads")
            write(bell.heads, to: &writer)
            writer.name("offsets")
            write(bell.offsets, to: &writer)
            writer.endObject()
        }
    }

    public static func decode(
        _ bytes: RawSpan, from origin: Origin
    ) throws(EventError) -> ProgressBell {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> ProgressBell {
        var service: String?
        var feed: String?
        var sequence: Int64?
        var committed: Int64?
        var heads: [ProgressBell.Mark] = []
        var offsets: [ProgressBell.Mark] = []
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("progress")
            case .service: service = try reader.identifier()
            case .feed: feed = try reader.identifier()
            case .seq: sequence = try reader.count()
            case .committed: committed = try reader.count()
            case .heads: heads = try reader.marks()
            case .offsets: offsets = try reader.marks()
            }
        }
        return ProgressBell(
            service: try reader.require(service, "service"),
            feed: try reader.require(feed, "feed"), sequence: try reader.require(sequence, "seq"),
            committed: try reader.require(committed, "committed"), heads: heads, offsets: offsets)
    }

    private static func write(_ marks: [ProgressBell.Mark], to writer: inout JSONWriter) {
        writer.beginObject()
        for mark in marks {
            writer.name(text: mark.stream)
            writer.integer(mark.sequence)
        }
        writer.endObject()
    }
}

extension EventReader {
    fileprivate mutating func marks() throws(EventError) -> [ProgressBell.Mark] {
        var marks: [ProgressBell.Mark] = []
        for member in try object()?.members ?? [] {
            guard let sequence = member.value.integer else { throw failure(.wrongType) }
            guard sequence >= 0 else { throw failure(.outOfRange) }
            marks.append(ProgressBell.Mark(stream: member.name, sequence: sequence))
        }
        return marks
    }
}
