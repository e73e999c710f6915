import CoreModels
import WireFormats

enum WireFuzz {
    static func json(_ bytes: UnsafeRawBufferPointer) {
        let limit = JSONReader.frameLimit
        guard let value = try? JSONDocument.parse(bytes.bytes, limit: limit) else { return }
        let written = JSONWriter.bytes(value)
        let again = try? JSONDocument.parse(written, limit: .max)
        promise(again == value, "a document written is read again")
    }

    /// The first byte says how many bytes arrive at a time.
    static func http(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let message = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        let whole = requests(message, piece: max(1, message.count))
        let pieces = requests(message, piece: Int(first) % 16 + 1)
        promise(whole == pieces, "any pieces give the same requests and errors")
    }

    private static func requests(_ bytes: UnsafeRawBufferPointer, piece: Int) -> [String] {
        var parser = HTTPRequestParser()
        var found: [String] = []
        var rest = bytes[...]
        do throws(HTTPRequestError) {
            while !rest.isEmpty {
                parser.feed(UnsafeRawBufferPointer(rebasing: rest.prefix(piece)))
                rest = rest.dropFirst(piece)
                while let request = try parser.next() { found.append("\(request)") }
            }
        } catch { found.append("\(error)") }
        return found
    }

    /// Numbers, moments, symbols and hexadecimal digits.
    static func text(_ bytes: UnsafeRawBufferPointer) {
        if let raw = DecimalText.parse(bytes) {
            var text: [UInt8] = []
            DecimalText.append(raw, to: &text)
            promise(DecimalText.parse(text) == raw, "a number written is read again")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if let moment = ISO8601.timestamp(text) {
            promise(
                ISO8601.timestamp(ISO8601.text(moment)) == moment, "a moment written is read again")
        }
        if let symbol = Symbol(buffer: bytes) {
            promise(Symbol(symbol.description) == symbol, "a symbol written is read again")
        }
        if let digits = Hexadecimal.bytes(text) {
            promise(Hexadecimal.bytes(Hexadecimal.text(digits)) == digits, "so are digits")
        }
    }
}
