/// What stands before a request's body: request line and header fields, checked (RFC 9112).
struct HTTPHead: Sendable {
    enum Framing: Equatable {
        case length(Int)
        case chunked
    }

    static let fieldLimit = 100

    var request: HTTPRequest
    var framing: Framing
    /// The client waits for `100 Continue` before it sends the body.
    var expectsContinue = false

    /// Reads a head without its final empty line. Every line ends with CR LF; the scanner has
    /// already refused other control characters.
    init(_ bytes: ArraySlice<UInt8>, bodyLimit: Int) throws(HTTPRequestError) {
        var lines = HTTPLines(bytes)
        guard let first = lines.next() else {
            throw HTTPRequestError(.badRequest, "the request line is missing")
        }
        request = try Self.requestLine(first)
        while let line = lines.next() {
            guard request.fields.count < Self.fieldLimit else {
                throw HTTPRequestError(
                    .headerFieldsTooLarge, "more than \(Self.fieldLimit) header fields")
            }
            request.fields.append(try Self.field(line))
        }
        framing = .length(0)
        try checkHost()
        framing = try bodyFraming(limit: bodyLimit)
        request.keepsAlive = keepsAlive
        if let expectation = request.field("expect") {
            guard expectation.lowercased() == "100-continue" else {
                throw HTTPRequestError(.expectationFailed, "only 100-continue can be expected")
            }
            expectsContinue = !request.isVersion10 && framing != .length(0)
        }
    }

    private static func requestLine(_ line: ArraySlice<UInt8>) throws(HTTPRequestError)
        -> HTTPRequest
    {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw HTTPRequestError(.badRequest, "the request line is not: method target version")
        }
        guard parts[0].allSatisfy(HTTPBytes.isToken), parts[0].count <= 32 else {
            throw HTTPRequestError(.badRequest, "the method is not a token")
        }
        let isVersion10 = try version10(parts[2])
        let (path, query) = try target(parts[1])
        return HTTPRequest(
            method: String(decoding: parts[0], as: UTF8.self), path: path, query: query,
            isVersion10: isVersion10)
    }

    private static func version10(_ text: ArraySlice<UInt8>) throws(HTTPRequestError) -> Bool {
        let digits = Array(text.suffix(3))
        guard text.count == 8, text.starts(with: "HTTP/".utf8), digits[1] == UInt8(ascii: "."),
            (0x30...0x39).contains(digits[0]), (0x30...0x39).contains(digits[2])
        else { throw HTTPRequestError(.badRequest, "the version is not HTTP/1.0 or HTTP/1.1") }
        guard digits[0] == UInt8(ascii: "1") else {
            throw HTTPRequestError(.versionNotSupported, "only HTTP/1.0 and HTTP/1.1 are spoken")
        }
        return digits[2] == UInt8(ascii: "0")
    }

    /// Origin form (`/path?query`), absolute form (`http://host/path`) or `*`.
    private static func target(
        _ bytes: ArraySlice<UInt8>
    ) throws(HTTPRequestError) -> (path: String, query: String) {
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw HTTPRequestError(.badRequest, "the target holds other than visible ASCII")
        }
        var rest = bytes
        let scheme = Array("http://".utf8)
        if HTTPBytes.lowercased(rest.prefix(scheme.count)) == "http://" {
            rest = rest.dropFirst(scheme.count)
            rest = rest.firstIndex(of: UInt8(ascii: "/")).map { rest[$0...] } ?? [UInt8(ascii: "/")]
        }
        guard rest.first == UInt8(ascii: "/") || Array(rest) == [UInt8(ascii: "*")] else {
            throw HTTPRequestError(.badRequest, "the target does not begin with /")
        }
        let parts = rest.split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : ""
        return (String(decoding: parts[0], as: UTF8.self), query)
    }

    private static func field(_ line: ArraySlice<UInt8>) throws(HTTPRequestError)
        -> HTTPRequest.Field
    {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy(HTTPBytes.isToken)
        else {
            // A line that begins with a blank is the old folding, a way to smuggle: refused too.
            throw HTTPRequestError(.badRequest, "a header line is not: name colon value")
        }
        let value = HTTPBytes.trimmed(line[(colon + 1)...])
        return HTTPRequest.Field(
            HTTPBytes.lowercased(line[..<colon]), String(decoding: value, as: UTF8.self))
    }

    private func checkHost() throws(HTTPRequestError) {
        let hosts = request.fields.filter { $0.name == "host" }.count
        guard hosts == 1 || hosts == 0 && request.isVersion10 else {
            throw HTTPRequestError(.badRequest, "a request has exactly one Host field")
        }
    }

    /// RFC 9112 section 6.3, with every ambiguity refused.
    private func bodyFraming(limit: Int) throws(HTTPRequestError) -> Framing {
        let lengths = request.fields.filter { $0.name == "content-length" }.map(\.value)
        let codings = request.fields.filter { $0.name == "transfer-encoding" }.map(\.value)
        if let coding = codings.first {
            guard lengths.isEmpty, codings.count == 1, !request.isVersion10 else {
                throw HTTPRequestError(.badRequest, "the length of the body is ambiguous")
            }
            guard coding.lowercased() == "chunked" else {
                throw HTTPRequestError(.notImplemented, "only the transfer coding chunked is known")
            }
            return .chunked
        }
        guard let length = lengths.first else { return .length(0) }
        guard lengths.allSatisfy({ $0 == length }), !length.isEmpty,
            length.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw HTTPRequestError(.badRequest, "Content-Length is not one whole number") }
        guard let count = Int(length), count <= limit else {
            throw HTTPRequestError(.contentTooLarge, "a body has at most \(limit) bytes")
        }
        return .length(count)
    }

    private var keepsAlive: Bool {
        var options: [String] = []
        for field in request.fields where field.name == "connection" {
            for option in field.value.lowercased().utf8.split(separator: UInt8(ascii: ",")) {
                options.append(
                    String(decoding: HTTPBytes.trimmed(Array(option)[...]), as: UTF8.self))
            }
        }
        if options.contains("close") { return false }
        return request.isVersion10 ? options.contains("keep-alive") : true
    }
}

/// The lines of a head, without their CR LF.
struct HTTPLines: IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: HTTPBytes.lineFeed) else { return nil }
        let line = rest[rest.startIndex..<(end - 1)]
        rest = rest[(end + 1)...]
        return line
    }
}
