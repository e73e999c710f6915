/// Reads one JSON document value by value, from borrowed bytes, without building a tree.
///
/// Nothing is allocated but the strings a caller asks for. Size, depth and UTF-8 are checked, every
/// access is held within the bytes, and each misfortune is a `JSONError` with its offset.
///
///     try JSONReader.read(bytes) { reader in
///         try reader.beginObject()
///         while let name = try reader.nextName() { … }
///     }
public struct JSONReader {
    /// Of one message on the bus, in bytes.
    public static let messageLimit = 65_536
    /// Of one frame of an exchange, in bytes.
    public static let frameLimit = 2_097_152
    /// Of one reply of an exchange, in bytes: MEXC's list of contracts has 2.3 MB.
    public static let replyLimit = 8_388_608
    /// Containers inside each other.
    public static let depthLimit = 16

    public enum Kind: Sendable {
        case object
        case array
        case text
        case number
        case flag
        case null
    }

    let bytes: UnsafeRawBufferPointer
    /// Of the next byte to be read.
    public internal(set) var offset = 0
    private var depth = 0
    /// The container that was begun last has not given anything yet.
    var isFresh = false

    /// A reader over bytes that have to outlive it; prefer `read`, which sees to that.
    public init(borrowing bytes: UnsafeRawBufferPointer, limit: Int = messageLimit)
        throws(JSONError)
    {
        guard bytes.count <= limit else { throw JSONError(.tooLarge, at: limit) }
        if let invalid = UTF8Validity.firstInvalid(bytes) { throw JSONError(.notUTF8, at: invalid) }
        self.bytes = bytes
    }

    /// Lends a reader over `bytes` to `body`; nothing but blanks may be left when it returns.
    public static func read<Result>(
        _ bytes: RawSpan, limit: Int = messageLimit,
        _ body: (inout JSONReader) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        try bytes.withUnsafeBytes { buffer throws(JSONError) in
            var reader = try JSONReader(borrowing: buffer, limit: limit)
            let result = try body(&reader)
            try reader.end()
            return result
        }
    }

    /// The kind of the value that comes next; it is not read.
    public mutating func kind() throws(JSONError) -> Kind {
        switch try peek() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .text
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .flag
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw JSONError(.unexpected, at: offset)
        }
    }

    public mutating func beginObject() throws(JSONError) { try begin(UInt8(ascii: "{")) }

    public mutating func beginArray() throws(JSONError) { try begin(UInt8(ascii: "[")) }

    /// The next member's name, its value being next; nil at the object's end.
    public mutating func nextName() throws(JSONError) -> Text? {
        guard try proceed(end: UInt8(ascii: "}")) else { return nil }
        guard try peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpected, at: offset) }
        let name = try text()
        try take(UInt8(ascii: ":"))
        return name
    }

    /// True when an element is next, false at the array's end.
    public mutating func nextElement() throws(JSONError) -> Bool {
        try proceed(end: UInt8(ascii: "]"))
    }

    public mutating func flag() throws(JSONError) -> Bool {
        switch try peek() {
        case UInt8(ascii: "t"):
            try word("true")
            return true
        case UInt8(ascii: "f"):
            try word("false")
            return false
        default: throw try wrongType()
        }
    }

    /// Reads a `null` if one is next.
    public mutating func takeNull() throws(JSONError) -> Bool {
        guard try peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Reads a value of any kind and drops it; it is checked like one that is kept.
    public mutating func skip() throws(JSONError) {
        switch try kind() {
        case .object:
            try beginObject()
            while try nextName() != nil { try skip() }
        case .array:
            try beginArray()
            while try nextElement() { try skip() }
        case .text: _ = try text()
        case .number: _ = try numberToken()
        case .flag: _ = try flag()
        case .null: try word("null")
        }
    }

    /// Goes past a value that is read later, if at all: texts and brackets are checked, what else is
    /// in it is not.
    public mutating func pass() throws(JSONError) {
        switch try peek() {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try passContainer()
        case UInt8(ascii: "\""): _ = try text()
        default:
            let start = offset
            while offset < bytes.count, Self.isOfWord(byte(offset)) { offset += 1 }
            guard offset > start else { throw JSONError(.unexpected, at: offset) }
        }
    }

    /// This reader at the beginning of a value of the container it is in, where it or a copy of it
    /// has stood: for values that are found first and read later.
    public func standing(at offset: Int) -> JSONReader {
        precondition(offset >= 0 && offset <= bytes.count, "a JSON reader left its bytes")
        var reader = self
        reader.offset = offset
        reader.isFresh = false
        return reader
    }

    /// Throws when anything but blanks is left.
    public mutating func end() throws(JSONError) {
        skipBlanks()
        guard offset == bytes.count else { throw JSONError(.unexpected, at: offset) }
    }
}

// What the reader is made of.
extension JSONReader {
    /// The byte at `index`; an index beyond the bytes is our own bug.
    @inline(__always)
    func byte(_ index: Int) -> UInt8 {
        precondition(
            UInt(bitPattern: index) < UInt(bitPattern: bytes.count), "a JSON reader left its bytes")
        return bytes[index]
    }

    @inline(__always)
    mutating func skipBlanks() {
        while offset < bytes.count, byte(offset) <= 0x20, isBlank(byte(offset)) { offset += 1 }
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The first byte of what comes next.
    @inline(__always)
    mutating func peek() throws(JSONError) -> UInt8 {
        skipBlanks()
        guard offset < bytes.count else { throw JSONError(.unfinished, at: offset) }
        return byte(offset)
    }

    mutating func take(_ expected: UInt8) throws(JSONError) {
        guard try peek() == expected else { throw JSONError(.unexpected, at: offset) }
        offset += 1
    }

    /// The error for a value that is not of the kind asked for.
    mutating func wrongType() throws(JSONError) -> JSONError {
        _ = try kind()
        return JSONError(.wrongType, at: offset)
    }

    private mutating func begin(_ opening: UInt8) throws(JSONError) {
        guard try peek() == opening else { throw try wrongType() }
        guard depth < Self.depthLimit else { throw JSONError(.tooDeep, at: offset) }
        depth += 1
        offset += 1
        isFresh = true
    }

    /// Goes to the container's next item, or past its end (false).
    mutating func proceed(end: UInt8) throws(JSONError) -> Bool {
        let next = try peek()
        if next == end {
            offset += 1
            depth -= 1
            isFresh = false
            return false
        }
        if isFresh {
            isFresh = false
        } else {
            guard next == UInt8(ascii: ",") else { throw JSONError(.unexpected, at: offset) }
            offset += 1
        }
        return true
    }

    private mutating func passContainer() throws(JSONError) {
        var open = 0
        repeat {
            offset = markStart(from: offset)
            guard offset < bytes.count else { throw JSONError(.unfinished, at: offset) }
            switch byte(offset) {
            case UInt8(ascii: "\""):
                _ = try text()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                guard depth + open <= Self.depthLimit else {
                    throw JSONError(.tooDeep, at: offset)
                }
            default: open -= 1
            }
            offset += 1
        } while open > 0
    }

    /// Of a number, `true`, `false` or `null`.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    private mutating func word(_ expected: StaticString) throws(JSONError) {
        for index in 0..<expected.utf8CodeUnitCount {
            guard offset < bytes.count else { throw JSONError(.unfinished, at: offset) }
            guard byte(offset) == expected.utf8Start[index] else {
                throw JSONError(.unexpected, at: offset)
            }
            offset += 1
        }
    }
}
