import Testing
import WireFormats

/// What a parser made of some bytes: the requests, then the error if there was one.
struct Parsed: Equatable {
    var requests: [HTTPRequest] = []
    var error: HTTPRequestError?

    init(pieces: [[UInt8]]) {
        var parser = HTTPRequestParser()
        for piece in pieces where error == nil {
            parser.feed(piece)
            do {
                while let request = try parser.next() { requests.append(request) }
            } catch { self.error = error }
        }
    }

    init(_ text: String) { self.init(pieces: [Array(text.utf8)]) }
}

@Suite("HTTP requests from bytes")
struct HTTPRequestParserTests {
    @Test("a plain request has method, path, query and fields")
    func plain() throws {
        let parsed = Parsed("GET /top?n=5 HTTP/1.1\r\nHost: a:1\r\nX-Thing:  two words \t\r\n\r\n")
        #expect(parsed.error == nil)
        let request = try #require(parsed.requests.first)
        #expect(
            request
                == HTTPRequest(
                    method: "GET", path: "/top", query: "n=5",
                    fields: [.init("host", "a:1"), .init("x-thing", "two words")]))
        #expect(request.parameter("n") == "5")
        #expect(request.parameter("m") == nil)
    }

    @Test(
        "a query's parameters are decoded",
        arguments: [
            ("a=1&b=2", "b", "2"), ("a=x+y", "a", "x y"), ("a=%41%zz%4", "a", "A%zz%4"),
            ("a", "a", ""), ("a=b=c", "a", "b=c"), ("a=1&a=2", "a", "1"), ("%61=1", "a", "1"),
        ])
    func parameters(query: String, name: String, value: String) {
        #expect(HTTPRequest(method: "GET", path: "/", query: query).parameter(name) == value)
    }

    @Test(
        "the body follows Content-Length or its chunks",
        arguments: [
            ("Content-Length: 5\r\n\r\nhello", "hello"), ("Content-Length: 0\r\n\r\n", ""),
            ("Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "hi"),
            ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"),
            (
                "Transfer-Encoding: Chunked\r\n\r\nA;x=y\r\n0123456789\r\n00\r\nT: x\r\n\r\n",
                "0123456789"
            ),
            ("Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"),
        ])
    func bodies(rest: String, body: String) {
        let parsed = Parsed("POST /halt HTTP/1.1\r\nHost: a\r\n" + rest)
        #expect(parsed.error == nil)
        #expect(parsed.requests.map(\.body) == [Array(body.utf8)])
    }

    @Test(
        "a connection stays open as the version and the Connection field say",
        arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
            ("HTTP/1.1", "Connection: foo, CLOSE\r\n", false), ("HTTP/1.0", "", false),
            ("HTTP/1.0", "Connection: Keep-Alive\r\n", true), ("HTTP/1.7", "", true),
        ])
    func keepAlive(version: String, field: String, keeps: Bool) {
        let parsed = Parsed("GET / \(version)\r\nHost: a\r\n\(field)\r\n")
        #expect(parsed.requests.map(\.keepsAlive) == [keeps])
    }

    @Test(
        "the target may be absolute, * or a path",
        arguments: [
            ("/a/b", "/a/b"), ("http://host:1/a?x", "/a"), ("HTTP://host", "/"), ("*", "*"),
        ])
    func targets(target: String, path: String) {
        let parsed = Parsed("OPTIONS \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(parsed.requests.map(\.path) == [path])
    }

    static let refused: [(String, HTTPStatus)] = [
        ("GET /\r\n\r\n", .badRequest), ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .badRequest),
        ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .versionNotSupported),
        ("GET / HTTP/1.x\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / http/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\nHost: a\n\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\u{0}\r\n\r\n", .badRequest),
        ("\u{16}\u{3}\u{1}", .badRequest),
        (
            "P / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            .badRequest
        ),
        (
            "P / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .badRequest
        ),
        ("P / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .badRequest),
        ("P / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", .notImplemented),
        ("P / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .badRequest),
        ("P / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .badRequest),
        ("P / HTTP/1.1\r\nHost: a\r\nContent-Length: 1,1\r\n\r\n", .badRequest),
        ("P / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", .badRequest),
        ("P / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", .contentTooLarge),
        (
            "P / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
            .contentTooLarge
        ),
        ("P / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n", .expectationFailed),
    ]

    @Test("what is malformed or ambiguous is refused with its status", arguments: refused)
    func refusals(text: String, status: HTTPStatus) {
        let parsed = Parsed(text)
        #expect(parsed.requests.isEmpty)
        #expect(parsed.error?.status == status)
    }

    @Test(
        "a chunked body that lies about itself is refused",
        arguments: [
            ("g\r\n", HTTPStatus.badRequest), ("\r\n", .badRequest), ("1\r\nab", .badRequest),
            ("1\nab", .badRequest), ("-1\r\n", .badRequest), ("100001\r\n", .contentTooLarge),
            ("7fffffffffffffff\r\n", .contentTooLarge), ("0000000000000001\r\na", .badRequest),
            ("1;a\u{0}b\r\na\r\n", .badRequest), ("0\r\n\n", .badRequest),
        ])
    func chunkRefusals(body: String, status: HTTPStatus) {
        let parsed = Parsed("P / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        #expect(parsed.error?.status == status)
    }

    @Test("heads and bodies have limits, exactly")
    func limits() {
        let frame = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
        func head(_ count: Int) -> String {
            let filler = String(repeating: "x", count: count - frame.utf8.count)
            return "GET / HTTP/1.1\r\nHost: a\r\nX: \(filler)\r\n\r\n"
        }
        #expect(Parsed(head(65_536)).requests.count == 1)
        #expect(Parsed(head(65_537)).error?.status == .headerFieldsTooLarge)
        let line = "GET /" + String(repeating: "x", count: 65_536)
        #expect(Parsed(line).error?.status == .uriTooLong)
        let many = String(repeating: "X: y\r\n", count: 101)
        #expect(
            Parsed("GET / HTTP/1.1\r\n\(many)\r\n").error?.status == .headerFieldsTooLarge)
        let body = String(repeating: "b", count: 1_048_576)
        let full = Parsed("P / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + body)
        #expect(full.requests.first?.body.count == 1_048_576)
        let trailer = String(repeating: "t", count: 9_000)
        let chunked = "P / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        #expect(Parsed(chunked + trailer).error?.status == .headerFieldsTooLarge)
    }

    @Test("a client that waits for 100 Continue is told once, and only when it waits")
    func continues() throws {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        var parser = HTTPRequestParser()
        parser.feed(Array(head.utf8))
        #expect(try parser.next() == nil)
        let told = [parser.takeContinue(), parser.takeContinue()]
        #expect(told == [true, false])
        #expect(parser.isInBody)
        parser.feed(Array("ok".utf8))
        #expect(try parser.next()?.body == Array("ok".utf8))
        parser.feed(Array((head + "ok").utf8))
        #expect(try parser.next() != nil)
        let again = parser.takeContinue()
        #expect(!again)
    }

    /// Everything at once: pipelining, both framings, empty lines between, an error at the end.
    static let stream =
        "GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;e\r\nxyz\r\n2\r\n12\r\n0\r\nT: v\r\n\r\n"
        + "GET /d HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /e HTTP/1.1\r\nHost: a\r\n bad\r\n\r\n"

    @Test("any cut into two or three pieces gives what the whole gives")
    func splits() {
        let bytes = Array(Self.stream.utf8)
        let whole = Parsed(pieces: [bytes])
        #expect(whole.requests.map(\.path) == ["/a", "/b", "/c", "/d"])
        #expect(whole.error?.status == .badRequest)
        for first in bytes.indices {
            #expect(Parsed(pieces: [Array(bytes[..<first]), Array(bytes[first...])]) == whole)
            let second = min(bytes.count, first + first % 7)
            let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map(Array.init)
            #expect(Parsed(pieces: pieces) == whole)
        }
        #expect(Parsed(pieces: bytes.map { [$0] }) == whole)
    }

    @Test("refusals do not depend on the cut either", arguments: refused)
    func splitRefusals(text: String, status: HTTPStatus) {
        #expect(Parsed(pieces: text.utf8.map { [$0] }) == Parsed(text))
    }

    @Test("no single changed byte stops the program, and any cut agrees on what it gives")
    func mutations() {
        let bytes = Array(Self.stream.utf8)
        for index in bytes.indices {
            for replacement: UInt8 in [0, 10, 13, 32, 58, 0x7F, 0xFF] {
                var mutated = bytes
                mutated[index] = replacement
                let cut = [Array(mutated[..<index]), Array(mutated[index...])]
                #expect(Parsed(pieces: cut) == Parsed(pieces: [mutated]))
            }
        }
    }
}
