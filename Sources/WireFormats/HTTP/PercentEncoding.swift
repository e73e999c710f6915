/// Percent encoding of query parameters (RFC 3986, with `+` for a blank as forms send it).
enum PercentEncoding {
    /// A percent sign that two hex digits do not follow stands for itself.
    static func decode(_ bytes: some Collection<UInt8>) -> String {
        var decoded: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                decoded.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), let value = hexPair(rest.prefix(2)) {
                decoded.append(value)
                rest.removeFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func hexPair(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        guard bytes.count == 2, let high = bytes.first.flatMap(Hexadecimal.digit),
            let low = bytes.last.flatMap(Hexadecimal.digit)
        else { return nil }
        return high * 16 + low
    }
}
