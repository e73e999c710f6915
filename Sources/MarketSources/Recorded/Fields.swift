/// The fields of one line, as places in the bytes: no text is copied.
struct Fields {
    enum Outcome: Equatable {
        /// A whole line; the next one starts at this offset.
        case line(next: Int)
        /// The bytes end within the line.
        case needMore
    }

    /// Columns beyond these are counted, not kept.
    static let limit = 64

    private(set) var count = 0
    private var starts = [Int](repeating: 0, count: limit)
    private var ends = [Int](repeating: 0, count: limit)

    /// The place of a field without the blanks and quotes round it.
    subscript(_ column: Int) -> Range<Int> { starts[column]..<ends[column] }

    /// True for a line with nothing on it.
    var isBlank: Bool { count == 1 && starts[0] == ends[0] }

    /// Splits the line that starts at `start`. `ended`: no bytes will follow, so that the last line
    /// needs no line feed.
    mutating func split(
        _ bytes: Span<UInt8>, from start: Int, delimiter: UInt8, ended: Bool
    ) -> Outcome {
        count = 0
        var fieldStart = start
        var index = start
        var quoted = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == delimiter, !quoted {
                add(bytes, fieldStart, index)
                fieldStart = index + 1
            } else if byte == UInt8(ascii: "\n") {
                add(bytes, fieldStart, index)
                return .line(next: index + 1)
            } else if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            }
            index += 1
        }
        guard ended, start < bytes.count else { return .needMore }
        add(bytes, fieldStart, index)
        return .line(next: index)
    }

    @inline(__always)
    private mutating func add(_ bytes: Span<UInt8>, _ from: Int, _ to: Int) {
        var start = from
        var end = to
        while start < end, Self.isPadding(bytes[start]) { start += 1 }
        while start < end, Self.isPadding(bytes[end - 1]) { end -= 1 }
        if count < Self.limit {
            starts[count] = start
            ends[count] = end
        }
        count += 1
    }

    @inline(__always)
    private static func isPadding(_ byte: UInt8) -> Bool {
        byte <= UInt8(ascii: "\"")
            && (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\"")
                || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t"))
    }
}
