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
    /// The array as Postgres takes it: a header that is kept up to date (dimensions, has nulls,
    /// element type, length, lower bound), then the elements.
    private var bytes: [UInt8] = []

    /// `reserving`: bytes of elements to come, where they are many.
    public init(_ element: Element, reserving capacity: Int = 0) {
        self.element = element
        bytes.reserveCapacity(Self.headerLength + capacity)
        for field in [1, 0, element.rawValue, 0, 1] as [UInt32] { put(field) }
    }

    private static let headerLength = 20
    private static let nullsOffset = 4
    private static let countOffset = 12

    public init(_ values: some Sequence<String>) {
        self.init(.text)
        for value in values { append(value) }
    }

    public init(_ values: some Sequence<Int64>) {
        self.init(.integer)
        for value in values { append(value) }
    }

    public mutating func appendNull() {
        begin(-1)
        set(1, at: Self.nullsOffset)
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
            bytes.append(contentsOf: utf8)
        }
    }

    public mutating func append(_ text: String?) {
        if let text { append(text) } else { appendNull() }
    }

    /// For `bytes` and `json`.
    public mutating func append(_ value: [UInt8]) {
        begin(value.count)
        bytes.append(contentsOf: value)
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

    /// An array without elements has no dimension.
    var binary: [UInt8] {
        guard count == 0 else { return bytes }
        var empty = SQLColumn(element)
        empty.set(0, at: 0)
        return Array(empty.bytes.prefix(Self.countOffset))
    }

    private mutating func begin(_ length: Int) {
        count += 1
        set(UInt32(count), at: Self.countOffset)
        put(Int32(length))
    }

    private mutating func set(_ value: UInt32, at offset: Int) {
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
        }
    }

    private mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func withoutZeros(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        utf8.flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }
    }
}
