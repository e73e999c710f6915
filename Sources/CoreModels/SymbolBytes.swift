extension Symbol {
    /// As `init(bytes:)`, straight from memory and without a copy; the canonical form takes the
    /// short way.
    public init?(buffer: UnsafeRawBufferPointer) {
        guard let words = Self.canonicalWords(buffer) else {
            self.init(bytes: buffer)
            return
        }
        self.init(words: words)
    }

    private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Writes the canonical text, at most `maximumLength` bytes; returns the bytes written.
    public func write(to target: UnsafeMutablePointer<UInt8>) -> Int {
        let length = Int(words.3 & 0xFF)
        var index = 0
        let all: InlineArray<4, UInt64> = [words.0, words.1, words.2, words.3]
        for number in 0..<4 {
            var rest = all[number]
            while index < length {
                target[index] = UInt8(truncatingIfNeeded: rest >> 56)
                rest <<= 8
                index += 1
                if index & 7 == 0 { break }
            }
        }
        return length
    }

    private static func canonicalWords(
        _ bytes: UnsafeRawBufferPointer
    ) -> (UInt64, UInt64, UInt64, UInt64)? {
        guard bytes.count >= 3, bytes.count <= maximumLength else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, UInt64(bytes.count))
        var underscores = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "_"): underscores += 1
            default: return nil
            }
            let shifted = UInt64(byte) << UInt64(56 - 8 * (index & 7))
            switch index >> 3 {
            case 0: words.0 |= shifted
            case 1: words.1 |= shifted
            case 2: words.2 |= shifted
            default: words.3 |= shifted
            }
        }
        guard underscores == 1, bytes[0] != UInt8(ascii: "_"),
            bytes[bytes.count - 1] != UInt8(ascii: "_")
        else { return nil }
        return words
    }
}
