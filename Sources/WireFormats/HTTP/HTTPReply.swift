/// A server's answer as a client reads it, from all the bytes up to the end of the connection.
public struct HTTPReply: Equatable, Sendable {
    public let status: Int
    public let fields: [HTTPRequest.Field]
    public let body: [UInt8]

    /// Reads a whole answer; nil when it is none or is cut off.
    public init?(_ bytes: [UInt8], bodyLimit: Int) {
        guard let end = Self.endOfHead(bytes) else { return nil }
        var lines = HTTPLines(bytes[..<end])
        guard let first = lines.next(), let status = Self.status(first) else { return nil }
        var fields: [HTTPRequest.Field] = []
        while let line = lines.next(), !line.isEmpty {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let value = HTTPBytes.trimmed(line[(colon + 1)...])
            fields.append(
                .init(
                    HTTPBytes.lowercased(line[..<colon]), String(decoding: value, as: UTF8.self)))
        }
        guard let body = Self.body(bytes[end...], fields, limit: bodyLimit) else { return nil }
        self.status = status
        self.fields = fields
        self.body = body
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        for index in 0...(bytes.count - mark.count)
        where bytes[index..<(index + mark.count)].elementsEqual(mark) {
            return index + mark.count
        }
        return nil
    }

    private static func status(_ line: ArraySlice<UInt8>) -> Int? {
        guard line.starts(with: "HTTP/1.".utf8) else { return nil }
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard parts.count >= 2, parts[1].count == 3 else { return nil }
        return Int(String(decoding: parts[1], as: UTF8.self))
    }

    private static func body(
        _ bytes: ArraySlice<UInt8>, _ fields: [HTTPRequest.Field], limit: Int
    ) -> [UInt8]? {
        if fields.contains(.init("transfer-encoding", "chunked")) {
            var chunked = ChunkedBody(limit: limit)
            do {
                _ = try chunked.take(bytes)
            } catch {
                return nil  // The one cause that a caller can act on is: no HTTP answer.
            }
            return chunked.isComplete ? chunked.content : nil
        }
        guard let length = fields.first(where: { $0.name == "content-length" })?.value else {
            return Array(bytes)
        }
        guard let count = Int(length), count >= 0, bytes.count >= count else { return nil }
        return Array(bytes.prefix(count))
    }
}
