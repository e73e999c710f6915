/// The first lines of a file: byte order mark, delimiter, header, layout.
enum FileStart {
    struct Found {
        var layout: RowLayout
        var delimiter: UInt8
        /// Where the first row starts, in bytes and in lines before it.
        var position: Int
        var line: Int
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Nil when the bytes stop before the first line that is not empty has ended. `ended`: no
    /// bytes will follow, so that the last line needs no line feed.
    static func layout(
        of bytes: [UInt8], ended: Bool, file: String
    ) throws(MarketFileError) -> Found? {
        var position = markLength(bytes)
        var line = 0
        var fields = Fields()
        while true {
            let start = position
            let delimiter = delimiter(bytes[start...])
            guard
                case .line(let next) = fields.split(
                    bytes.span, from: start, delimiter: delimiter, ended: ended)
            else {
                guard !ended else { throw .noRows(file: file) }
                return nil
            }
            position = next
            line += 1
            if fields.isBlank { continue }
            let texts = (0..<min(fields.count, Fields.limit)).map { column in
                String(decoding: bytes[fields[column]], as: UTF8.self)
            }
            let isHeader = !(texts[0].utf8.first.map(isDigit) ?? false)
            let layout = isHeader ? RowLayout.named(by: texts) : RowLayout.shown(by: texts)
            switch layout {
            case .success(let layout):
                return Found(
                    layout: layout, delimiter: delimiter, position: isHeader ? next : start,
                    line: isHeader ? line : line - 1)
            case .failure(let unknown):
                throw .unknownLayout(file: file, reason: printable(unknown.reason))
            }
        }
    }

    private static func markLength(_ bytes: [UInt8]) -> Int {
        bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The first of comma, semicolon and tab on the first line.
    private static func delimiter(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"): return byte
            case UInt8(ascii: "\n"): return UInt8(ascii: ",")
            default: continue
            }
        }
        return UInt8(ascii: ",")
    }

    /// The start of a file that is no CSV may be anything.
    private static func printable(_ text: String) -> String {
        let clean = text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }
        return clean.count <= 300 ? clean.joined() : clean.prefix(300).joined() + "…"
    }
}
