/// The names of an object's members, in the order they are usually written. Lets a reader know a
/// member by its number in this list, without making a `String` of its name.
public struct JSONNames: Sendable {
    /// `"name":` in words, so that the usual case is a few comparisons.
    struct Pattern {
        let length: Int
        let words: (UInt64, UInt64, UInt64)
        let masks: (UInt64, UInt64, UInt64)
    }

    let names: [[UInt8]]
    let patterns: [Pattern]
    /// A bit for each name, by its length and first letter: most others are passed over at a glance.
    let marks: UInt64

    /// At most 64 names of ASCII letters, digits, `_`, `.` and `-`.
    public init(_ names: [String]) {
        precondition(names.count <= 64, "at most 64 names are told apart")
        self.names = names.map { Array($0.utf8) }
        patterns = names.map(Self.pattern)
        marks = self.names.reduce(0) { marks, name in
            name.withUnsafeBytes { marks | Self.mark($0) }
        }
    }

    static func mark(_ name: UnsafeRawBufferPointer) -> UInt64 {
        1 << UInt64((Int(name.first ?? 0) &* 7 &+ name.count) & 63)
    }

    private static func pattern(_ name: String) -> Pattern {
        let text = Array("\"\(name)\":".utf8)
        var words: [UInt64] = [0, 0, 0]
        var masks: [UInt64] = [0, 0, 0]
        for (index, byte) in text.prefix(24).enumerated() {
            let shift = UInt64(8 * (index & 7))
            words[index >> 3] |= UInt64(byte) << shift
            masks[index >> 3] |= 0xFF << shift
        }
        return Pattern(
            length: text.count, words: (words[0], words[1], words[2]),
            masks: (masks[0], masks[1], masks[2]))
    }

    /// Where a reader stands among the names of one object.
    public struct Cursor: Sendable {
        var expected = 0
        var seen: UInt64 = 0

        public init() {}
    }
}

extension JSONReader {
    /// The number of the next member whose name is in the list, its value being next; nil at the
    /// object's end. Members with other names are checked and skipped.
    public mutating func nextMember(
        of names: JSONNames, _ cursor: inout JSONNames.Cursor
    ) throws(JSONError) -> Int? {
        while true {
            let index: Int
            let start = offset
            if takes(names, cursor.expected) {
                index = cursor.expected
            } else {
                guard try proceed(end: UInt8(ascii: "}")) else { return nil }
                guard try peek() == UInt8(ascii: "\"") else {
                    throw JSONError(.unexpected, at: offset)
                }
                let name = try text()
                try take(UInt8(ascii: ":"))
                guard let found = try find(name, in: names, from: cursor.expected) else {
                    try skip()
                    continue
                }
                index = found
            }
            let bit: UInt64 = 1 << UInt64(index)
            guard cursor.seen & bit == 0 else { throw JSONError(.duplicateName, at: start) }
            cursor.seen |= bit
            cursor.expected = index + 1
            return index
        }
    }

    /// Reads `,"name":` (in a fresh object without the comma) when exactly these bytes are next.
    @inline(__always)
    private mutating func takes(_ names: JSONNames, _ index: Int) -> Bool {
        let start = isFresh ? offset : offset + 1
        // Whole words are compared: the last few members of a message go the long way.
        guard index < names.patterns.count, start + 24 <= bytes.count,
            isFresh || bytes[offset] == UInt8(ascii: ",")
        else { return false }
        let pattern = names.patterns[index]
        guard pattern.length <= 24,
            word(start) & pattern.masks.0 == pattern.words.0,
            word(start + 8) & pattern.masks.1 == pattern.words.1,
            word(start + 16) & pattern.masks.2 == pattern.words.2
        else { return false }
        offset = start + pattern.length
        isFresh = false
        return true
    }

    private func word(_ index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    private func find(
        _ text: Text, in names: JSONNames, from start: Int
    ) throws(JSONError) -> Int? {
        let count = names.names.count
        if text.isEscaped {
            let name = Array(try string(text).utf8)
            return names.names.firstIndex(of: name)
        }
        let bytes = slice(text)
        guard names.marks & JSONNames.mark(bytes) != 0 else { return nil }
        for step in 0..<count {
            let index = start + step < count ? start + step : start + step - count
            let isFound = names.names[index].withUnsafeBytes { bytes.isEqual(to: $0) }
            if isFound { return index }
        }
        return nil
    }
}
