/// A URL cut into what a connection needs.
struct WebAddress: Equatable, Sendable {
    let isSecure: Bool
    /// Name or IP address; an IPv6 address without its brackets.
    let host: String
    let port: UInt16
    /// Path and query, beginning with `/`.
    let path: String

    /// Nil when the text is no URL of these two schemes. Names and passwords in URLs are refused:
    /// they would end in logs.
    init?(_ text: String, plain: String, secure: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == plain || scheme == secure else { return nil }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        let tail = String(rest[end...])
        guard tail.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") })
        else { return nil }
        isSecure = scheme == secure
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        path = tail.hasPrefix("/") ? tail : "/" + tail
    }

    /// As people and `Host` fields write it: `127.0.0.1:8700`; the default port is left out.
    var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    private static func authority(_ text: Substring) -> (host: String, port: UInt16?)? {
        var host = text
        var port: UInt16?
        let afterBracket = text.lastIndex(of: "]") ?? text.startIndex
        if let colon = text[afterBracket...].lastIndex(of: ":") {
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else {
                return nil
            }
            port = number
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        let isName = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        return isName && !host.isEmpty ? (String(host), port) : nil
    }
}
