/// Turns the bytes of one connection into requests, without I/O: bytes in; a request, "need more"
/// or a typed error out. Any way to cut the input into pieces gives the same requests and errors.
///
/// Lines end with CR LF only (RFC 9112 allows a bare LF; refusing it leaves nothing to smuggle with).
public struct HTTPRequestParser: Sendable {
    /// 64 KiB for request line and header fields: beyond it 431 (414 within the request line).
    public static let headLimit = 65_536
    /// 1 MiB for a body: beyond it 413.
    public static let bodyLimit = 1_048_576

    private enum Phase: Sendable {
        case head
        case length(HTTPHead, Int)
        case chunked(HTTPHead, ChunkedBody)
    }

    private var buffer: [UInt8] = []
    /// Where the present request, or what is left of its body, begins.
    private var start = 0
    /// How far the head has been searched for its end.
    private var scanned = 0
    private var lineStart = 0
    private var isFirstLine = true
    private var phase = Phase.head
    private var continueIsDue = false

    public init() {}

    /// Bytes that are held and belong to no request given out yet.
    public var bufferedCount: Int { buffer.count - start }

    /// Nothing of a next request has arrived.
    public var isBetweenRequests: Bool {
        if case .head = phase { bufferedCount == 0 } else { false }
    }

    /// The head has arrived and its body has not.
    public var isInBody: Bool { if case .head = phase { false } else { true } }

    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        dropConsumed()
        buffer.append(contentsOf: bytes)
    }

    public mutating func feed(_ bytes: [UInt8]) {
        dropConsumed()
        buffer.append(contentsOf: bytes)
    }

    /// True once per request whose client waits for `100 Continue` before it sends its body.
    public mutating func takeContinue() -> Bool {
        defer { continueIsDue = false }
        return continueIsDue
    }

    /// The next request that is complete; nil when more bytes are needed. After an error the
    /// connection is of no further use.
    public mutating func next() throws(HTTPRequestError) -> HTTPRequest? {
        if case .head = phase {
            guard let end = try headEnd() else { return nil }
            try beginBody(HTTPHead(buffer[start..<(end - 2)], bodyLimit: Self.bodyLimit))
            start = end
        }
        switch phase {
        case .head: return nil
        case .length(let head, let count):
            guard bufferedCount >= count else { return nil }
            return finish(head, Array(buffer[start..<(start + count)]), taking: count)
        case .chunked(let head, var body):
            phase = .head  // Releases the one other reference to the body's bytes.
            let count = try body.take(buffer[start...])
            if body.isComplete { return finish(head, body.content, taking: count) }
            start += count
            phase = .chunked(head, body)
            return nil
        }
    }

    private mutating func beginBody(_ head: HTTPHead) {
        continueIsDue = head.expectsContinue
        switch head.framing {
        case .length(let count): phase = .length(head, count)
        case .chunked: phase = .chunked(head, ChunkedBody(limit: Self.bodyLimit))
        }
    }

    private mutating func finish(
        _ head: HTTPHead, _ body: [UInt8], taking count: Int
    ) -> HTTPRequest {
        start += count
        phase = .head
        continueIsDue = false
        scanned = start
        lineStart = start
        isFirstLine = true
        var request = head.request
        request.body = body
        return request
    }

    /// The index behind the empty line that ends the head; nil when it has not arrived.
    private mutating func headEnd() throws(HTTPRequestError) -> Int? {
        while scanned < buffer.count {
            guard scanned - start < Self.headLimit else {
                throw isFirstLine
                    ? HTTPRequestError(.uriTooLong, "the request line is too long")
                    : HTTPRequestError(
                        .headerFieldsTooLarge, "the head has at most \(Self.headLimit) bytes")
            }
            let byte = buffer[scanned]
            let followsReturn =
                scanned > lineStart && buffer[scanned - 1] == HTTPBytes.carriageReturn
            if byte == HTTPBytes.lineFeed {
                guard followsReturn else {
                    throw HTTPRequestError(.badRequest, "a line does not end with CR LF")
                }
                let isEmpty = scanned == lineStart + 1
                scanned += 1
                lineStart = scanned
                if isEmpty {
                    if !isFirstLine { return scanned }
                    // Empty lines before a request are to be ignored (RFC 9112 section 2.2).
                    start = scanned
                } else {
                    isFirstLine = false
                }
                continue
            }
            guard !followsReturn, byte == HTTPBytes.carriageReturn || !HTTPBytes.isForbidden(byte)
            else { throw HTTPRequestError(.badRequest, "a control character in the head") }
            scanned += 1
        }
        return nil
    }

    /// Keeps memory bounded: what was given out goes away as soon as that is cheap.
    private mutating func dropConsumed() {
        guard start > 0, start == buffer.count || start >= 65_536 else { return }
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 4_096)
        } else {
            buffer.removeFirst(start)
        }
        scanned = max(0, scanned - start)
        lineStart = max(0, lineStart - start)
        start = 0
    }
}
