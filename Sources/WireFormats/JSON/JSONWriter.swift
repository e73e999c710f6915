public import CoreModels

/// Writes JSON without blanks into bytes: members in the order they are given, numbers exact.
///
///     var writer = JSONWriter(appendingTo: bytes)
///     writer.beginObject()
///     writer.name("v")
///     writer.integer(1)
///     writer.endObject()
public struct JSONWriter {
    public private(set) var bytes: [UInt8]
    /// A comma is due before the next name or element.
    private var isCommaDue = false

    public init(appendingTo bytes: consuming [UInt8] = []) { self.bytes = bytes }

    /// Appends the bytes of a value to `bytes`.
    public static func append(_ value: Value, to bytes: inout [UInt8]) {
        write(to: &bytes) { $0.value(value) }
    }

    /// The bytes of a value.
    public static func bytes(_ value: Value) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    /// Lends a writer that appends to `bytes`; nothing is copied.
    public static func write(to bytes: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        swap(&bytes, &writer.bytes)
        body(&writer)
        swap(&bytes, &writer.bytes)
    }

    public mutating func beginObject() { begin(UInt8(ascii: "{")) }
    public mutating func endObject() { end(UInt8(ascii: "}")) }
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    /// A member's name that needs no escapes; its value has to follow.
    public mutating func name(_ name: StaticString) {
        let isCommaDue = isCommaDue
        write(atMost: name.utf8CodeUnitCount + 4) { target in
            var count = 0
            if isCommaDue {
                target[0] = UInt8(ascii: ",")
                count = 1
            }
            target[count] = UInt8(ascii: "\"")
            count += 1
            (target + count).update(from: name.utf8Start, count: name.utf8CodeUnitCount)
            count += name.utf8CodeUnitCount
            target[count] = UInt8(ascii: "\"")
            target[count + 1] = UInt8(ascii: ":")
            return count + 2
        }
        self.isCommaDue = false
    }

    /// A member's name; its value has to follow.
    public mutating func name(text name: String) {
        text(name)
        bytes.append(UInt8(ascii: ":"))
        isCommaDue = false
    }

    public mutating func null() { word("null") }

    public mutating func flag(_ flag: Bool) { word(flag ? "true" : "false") }

    public mutating func integer(_ value: Int64) {
        comma()
        write(atMost: DecimalDigits.capacity) { target in
            target[0] = UInt8(ascii: "-")
            let sign = value < 0 ? 1 : 0
            return sign + DecimalDigits.write(value.magnitude, to: target + sign)
        }
    }

    /// A raw fixed-point number (× 10⁻¹⁸): exact, without exponent, `45000.0`.
    public mutating func decimal(_ raw: Int128) {
        comma()
        write(atMost: DecimalDigits.capacity) { DecimalDigits.write(raw, to: $0) }
    }

    /// A number in a form of the caller's own, `7.548E+4`; it has to be one of JSON's grammar.
    public mutating func number(_ digits: [UInt8]) {
        comma()
        bytes.append(contentsOf: digits)
    }

    public mutating func symbol(_ symbol: Symbol) {
        comma()
        write(atMost: Symbol.maximumLength + 2) { target in
            target[0] = UInt8(ascii: "\"")
            let count = symbol.write(to: target + 1) + 1
            target[count] = UInt8(ascii: "\"")
            return count + 1
        }
    }

    public mutating func text(_ text: String) {
        comma()
        var text = text
        text.withUTF8 { utf8 in
            guard !utf8.contains(where: Self.needsEscape) else {
                bytes.append(UInt8(ascii: "\""))
                for byte in utf8 { appendEscaped(byte) }
                bytes.append(UInt8(ascii: "\""))
                return
            }
            write(atMost: utf8.count + 2) { Self.quote(utf8, to: $0) }
        }
    }

    /// A text that needs no escapes.
    public mutating func plain(_ text: StaticString) {
        comma()
        text.withUTF8Buffer { utf8 in
            write(atMost: utf8.count + 2) { Self.quote(utf8, to: $0) }
        }
    }

    private static func quote(
        _ utf8: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        target[0] = UInt8(ascii: "\"")
        if let start = utf8.baseAddress { (target + 1).update(from: start, count: utf8.count) }
        target[utf8.count + 1] = UInt8(ascii: "\"")
        return utf8.count + 2
    }

    /// Appends what `body` writes; it returns how much, at most `capacity`.
    @inline(__always)
    private mutating func write(
        atMost capacity: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        bytes.append(addingCapacity: capacity) { output in
            output.withUnsafeMutableBufferPointer { buffer, count in
                guard let target = buffer.baseAddress else { return }
                count = body(target)
            }
        }
    }

    public mutating func value(_ value: Value) {
        switch value {
        case .null: null()
        case .flag(let flag): self.flag(flag)
        case .integer(let value): integer(value)
        case .decimal(let raw): decimal(raw)
        case .text(let text): self.text(text)
        case .list(let list):
            beginArray()
            for value in list { self.value(value) }
            endArray()
        case .object(let members): object(members)
        }
    }

    public mutating func object(_ members: [Value.Member]) {
        beginObject()
        for member in members {
            name(text: member.name)
            value(member.value)
        }
        endObject()
    }

    private mutating func comma() {
        if isCommaDue { bytes.append(UInt8(ascii: ",")) }
        isCommaDue = true
    }

    private mutating func begin(_ opening: UInt8) {
        comma()
        bytes.append(opening)
        isCommaDue = false
    }

    private mutating func end(_ closing: UInt8) {
        bytes.append(closing)
        isCommaDue = true
    }

    private mutating func word(_ word: StaticString) {
        comma()
        word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        // U+0000 cannot be stored by PostgreSQL and is refused by our reader: U+FFFD instead.
        case 0: bytes += [0xEF, 0xBF, 0xBD]
        case 1..<0x20:
            bytes += "\\u00".utf8
            Hexadecimal.append([byte], to: &bytes)
        default: bytes.append(byte)
        }
    }
}
