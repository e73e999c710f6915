import WireFormats

/// Free text in a field of a recording: letters, digits and `._-` as they are, every other byte as
/// `%` and two hex digits, so that no text can look like a delimiter.
enum RecordedText {
    static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
            }
        }
    }

    /// The text of a field; nil when an escape is broken.
    static func read(_ bytes: Span<UInt8>, _ place: Range<Int>) -> String? {
        var text: [UInt8] = []
        text.reserveCapacity(place.count)
        var index = place.lowerBound
        while index < place.upperBound {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "%") else {
                text.append(byte)
                continue
            }
            guard index + 2 <= place.upperBound, let high = Hexadecimal.digit(bytes[index]),
                let low = Hexadecimal.digit(bytes[index + 1])
            else { return nil }
            text.append(high << 4 | low)
            index += 2
        }
        return String(validating: text, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
