public import CoreModels

/// One column of many rows as a Postgres array in binary form, built by appending.
public struct SQLColumn: Sendable {
    /// The element's type: its number in `pg_type`.
    public enum Element: UInt32, Sendable {
        case flag = 16
        case bytes = 17
        case integer = 20
        case text = 25
        case json = 114
        case double = 701
        case time = 1184
        case number = 1700
    }

    public let element: Element
    public private(set) var count = 0
    private var hasNull = false
    private var body: [UInt8] = []

    public init(_ element: Element) { self.element = element }

    public init(_ values: some Sequence<String>) {
        self.init(.text)
        for value in values { append(value) }
    }

    public init(_ values: some Sequence<Int64>) {
        self.init(.integer)
        for value in values { append(value) }
    }

    public mutating func appendNull() {
        count += 1
        hasNull = true
        put(Int32(-1))
    }

    public mutating func append(_ value: Bool) { append([value ? 1 : 0]) }

    public mutating func append(_ value: Int64) {
        begin(8)
        put(value)
    }

    public mutating func append(_ value: Double) { append(Int64(bitPattern: value.bitPattern)) }

    /// A character U+0000, which Postgres cannot hold in a text, becomes U+FFFD.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            guard !utf8.contains(0) else { return append(Self.withoutZeros(utf8)) }
            begin(utf8.count)
            body.append(contentsOf: utf8)
        }
    }

    public mutating func append(_ text: String?) {
        if let text { append(text) } else { appendNull() }
    }

    /// For `bytes` and `json`.
    public mutating func append(_ bytes: [UInt8]) {
        begin(bytes.count)
        body.append(contentsOf: bytes)
    }

    /// Microseconds since 2000-01-01; moments outside the years 1…9999 are held at that border.
    public mutating func append(_ time: Timestamp) {
        append((Self.held(time).milliseconds - 946_684_800_000) * 1000)
    }

    /// The moment as a column holds it.
    static func held(_ time: Timestamp) -> Timestamp {
        min(
            max(time, Timestamp(milliseconds: -62_135_596_800_000)),
            Timestamp(milliseconds: 253_402_300_799_999))
    }

    public mutating func append(_ time: Timestamp?) {
        if let time { append(time) } else { appendNull() }
    }

    /// `numeric` with 18 decimals. What numeric(38,18) does not hold (above 10²⁰) is held at its
    /// border, so that no number from outside can stop the writer.
    public mutating func append<Unit>(_ value: Fixed<Unit>) {
        let border = UInt128(FixedArithmetic.powerOfTen(38)) - 1
        let (whole, fraction) = min(value.raw.magnitude, border)
            .quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        let (high, low) = whole.quotientAndRemainder(dividingBy: 10_000_000_000_000_000)
        begin(8 + 20)
        put(Int16(10))  // digits of base 10,000: five before the point, five after it
        put(Int16(4))  // weight of the first
        put(Int16(value.isNegative ? 0x4000 : 0))
        put(Int16(18))  // decimals shown
        put(Int16(UInt64(high)))
        putDigits(UInt64(low))
        putDigits(UInt64(fraction) / 100)
        put(Int16(UInt64(fraction) % 100 * 100))
    }

    public mutating func append<Unit>(_ value: Fixed<Unit>?) {
        if let value { append(value) } else { appendNull() }
    }

    /// 16 decimal digits as four of base 10,000.
    private mutating func putDigits(_ value: UInt64) {
        put(Int16(value / 1_000_000_000_000))
        put(Int16(value / 100_000_000 % 10_000))
        put(Int16(value / 10_000 % 10_000))
        put(Int16(value % 10_000))
    }

    /// Header (dimensions, has nulls, element type, length, lower bound), then the elements.
    var binary: [UInt8] {
        var header = SQLColumn(element)
        header.put(Int32(count == 0 ? 0 : 1))
        header.put(Int32(hasNull ? 1 : 0))
        header.put(Int32(bitPattern: element.rawValue))
        guard count > 0 else { return header.body }
        header.put(Int32(count))
        header.put(Int32(1))
        return header.body + body
    }

    private mutating func begin(_ length: Int) {
        count += 1
        put(Int32(length))
    }

    private mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { body.append(contentsOf: $0) }
    }

    private static func withoutZeros(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        utf8.flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }
    }
}
