/// One record of the bus to bytes and back. Equal records are equal bytes.
public protocol RecordCodec {
    associatedtype Record

    /// Appends the record's JSON: fields in the order of docs/EVENT_SCHEMA.json, no blanks.
    static func encode(_ record: borrowing Record, to bytes: inout [UInt8])

    /// Reads one message; whatever is wrong with it is an `EventError`.
    static func decode(_ bytes: RawSpan, from origin: Origin) throws(EventError) -> Record
}

extension RecordCodec {
    public static func encode(_ record: borrowing Record) -> [UInt8] {
        var bytes: [UInt8] = []
        encode(record, to: &bytes)
        return bytes
    }

    public static func decode(_ bytes: [UInt8], from origin: Origin) throws(EventError) -> Record {
        try decode(bytes.span.bytes, from: origin)
    }

    public static func decode(
        _ bytes: UnsafeRawBufferPointer, from origin: Origin
    ) throws(EventError) -> Record {
        try decode(bytes.bytes, from: origin)
    }
}
