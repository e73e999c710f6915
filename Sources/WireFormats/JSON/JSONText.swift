extension JSONReader {
    /// A text where it lies: between its quotes, escapes and all.
    public struct Text: Sendable {
        public let start: Int
        public let count: Int
        public let isEscaped: Bool
    }

    /// Reads a text value; its escapes are checked, nothing is copied.
    public mutating func text() throws(JSONError) -> Text {
        guard try peek() == UInt8(ascii: "\"") else { throw try wrongType() }
        let start = offset + 1
        var index = start
        var isEscaped = false
        while index < bytes.count {
            index = plainEnd(from: index)
            guard index < bytes.count else { break }
            let byte = byte(index)
            if byte == UInt8(ascii: "\"") {
                offset = index + 1
                return Text(start: start, count: index - start, isEscaped: isEscaped)
            }
            guard byte >= 0x20 else { throw JSONError(.unexpected, at: index) }
            isEscaped = true
            index = try escape(at: index).next
        }
        throw JSONError(.unfinished, at: bytes.count)
    }

    /// The text as a `String`, escapes resolved. Texts of up to 15 bytes are not allocated.
    public func string(_ text: Text) throws(JSONError) -> String {
        guard text.isEscaped else { return String(decoding: slice(text), as: UTF8.self) }
        var resolved: [UInt8] = []
        resolved.reserveCapacity(text.count)
        var index = text.start
        while index < text.start + text.count {
            guard byte(index) == UInt8(ascii: "\\") else {
                resolved.append(byte(index))
                index += 1
                continue
            }
            let (scalar, next) = try escape(at: index)
            guard scalar != "\0" else { throw JSONError(.nulCharacter, at: index) }
            resolved.append(contentsOf: scalar.utf8)
            index = next
        }
        return String(decoding: resolved, as: UTF8.self)
    }

    /// The bytes of a text as they lie there; valid as long as the reader's own.
    public func slice(_ text: Text) -> UnsafeRawBufferPointer { slice(text.start, text.count) }

    /// Whether the text is exactly these bytes; an escaped one never is.
    public func matches(_ text: Text, _ expected: StaticString) -> Bool {
        let expected = UnsafeRawBufferPointer(
            start: expected.utf8Start, count: expected.utf8CodeUnitCount)
        return !text.isEscaped && slice(text).isEqual(to: expected)
    }

    /// The first byte from `start` on that is a quote, a backslash or a control character.
    private func plainEnd(from start: Int) -> Int {
        var index = start
        let low: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        while index + 8 <= bytes.count {
            // A byte that is zero after the exclusive or is one looked for (exact for the lowest
            // such byte, which is the one that counts).
            let word = UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ low &* 0x22
            let backslash = word ^ low &* 0x5C
            let hits =
                ((quote &- low) & ~quote | (backslash &- low) & ~backslash
                    | (word &- low &* 0x20) & ~word) & high
            if hits != 0 { return index + hits.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
            index += 1
        }
        return index
    }

    /// The first byte from `start` on that is a quote or a bracket of either kind.
    func markStart(from start: Int) -> Int {
        var index = start
        let low: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        while index + 8 <= bytes.count {
            // As in `plainEnd`; with the bit 0x20 set both kinds of bracket are one.
            let word = UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let folded = word | low &* 0x20
            let (quote, opening) = (word ^ low &* 0x22, folded ^ low &* 0x7B)
            let closing = folded ^ low &* 0x7D
            let hits =
                ((quote &- low) & ~quote | (opening &- low) & ~opening
                    | (closing &- low) & ~closing) & high
            if hits != 0 { return index + hits.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            switch bytes[index] {
            case 0x22, 0x5B, 0x5D, 0x7B, 0x7D: return index
            default: index += 1
            }
        }
        return index
    }

    func slice(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
        precondition(start >= 0 && count >= 0 && start + count <= bytes.count, "no such slice")
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }

    /// The scalar of the escape whose backslash lies at `start`, and the offset behind it.
    private func escape(at start: Int) throws(JSONError) -> (scalar: Unicode.Scalar, next: Int) {
        guard start + 1 < bytes.count else { throw JSONError(.unfinished, at: bytes.count) }
        let next = start + 2
        switch byte(start + 1) {
        case UInt8(ascii: "\""): return ("\"", next)
        case UInt8(ascii: "\\"): return ("\\", next)
        case UInt8(ascii: "/"): return ("/", next)
        case UInt8(ascii: "b"): return ("\u{08}", next)
        case UInt8(ascii: "f"): return ("\u{0C}", next)
        case UInt8(ascii: "n"): return ("\n", next)
        case UInt8(ascii: "r"): return ("\r", next)
        case UInt8(ascii: "t"): return ("\t", next)
        case UInt8(ascii: "u"): return try unicodeEscape(at: start)
        default: throw JSONError(.badEscape, at: start)
        }
    }

    private func unicodeEscape(
        at start: Int
    ) throws(JSONError) -> (scalar: Unicode.Scalar, next: Int) {
        let first = try codeUnit(at: start)
        if let scalar = Unicode.Scalar(first) { return (scalar, start + 6) }
        // A high surrogate needs its low half right behind it.
        guard first < 0xDC00, start + 7 < bytes.count, byte(start + 6) == UInt8(ascii: "\\"),
            byte(start + 7) == UInt8(ascii: "u")
        else { throw JSONError(.badEscape, at: start) }
        let second = try codeUnit(at: start + 6)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(
                0x1_0000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw JSONError(.badEscape, at: start) }
        return (scalar, start + 12)
    }

    /// The four hex digits behind `\u`.
    private func codeUnit(at start: Int) throws(JSONError) -> UInt16 {
        guard start + 6 <= bytes.count else { throw JSONError(.unfinished, at: bytes.count) }
        var unit: UInt16 = 0
        for index in start + 2..<start + 6 {
            guard let digit = Hexadecimal.digit(byte(index)) else {
                throw JSONError(.badEscape, at: start)
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
