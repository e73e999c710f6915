import PrivateServers
import ServiceKit
import Testing
import WebTransport
import WireFormats

@Suite("REST client")
struct RESTClientTests {
    private func client(
        _ port: UInt16, timeoutMilliseconds: Int = 20_000, maximumBody: Int = 8 << 20
    ) throws -> RESTClient {
        try RESTClient(
            baseURL: "http://127.0.0.1:\(port)", timeoutMilliseconds: timeoutMilliseconds,
            maximumBody: maximumBody)
    }

    @Test("an answer carries status, body and the time it took")
    func answer() throws {
        let server = try TestServer { _, _ in
            HTTPResponse(.internalServerError, contentType: "text/plain", body: Array("no".utf8))
        }
        let client = try client(server.port)
        let before = SystemClock.monotonicNanoseconds
        let answer = try #require(try client.reply(to: "/api/v1/contract/ping")?.get())
        #expect(answer.status == 500)
        #expect(answer.body == Array("no".utf8))
        #expect(answer.retryAfterSeconds == nil)
        #expect(answer.milliseconds >= 0)
        #expect(answer.receivedAt >= answer.sentAt)
        #expect(answer.monotonic >= before)
    }

    @Test("path, query and the client's name reach the server as given")
    func request() throws {
        let server = try TestServer()
        let client = try client(server.port)
        let path = "/api/v1/contract/kline/BTC_USDT?interval=Min1&start=1&name=%E9%BE%99%26"
        #expect(try client.reply(to: path)?.get().status == 200)
        let asked = server.wait { record -> HTTPRequest? in
            if case .asked(let request, _) = record { return request }
            return nil
        }
        let request = try #require(asked)
        #expect(request.method == "GET")
        #expect(request.path == "/api/v1/contract/kline/BTC_USDT")
        #expect(request.query == "interval=Min1&start=1&name=%E9%BE%99%26")
        #expect(request.parameter("name") == "龙&")
        #expect(request.field("user-agent") == "claire-de-binare/\(BuildVersion.text)")
        #expect(request.field("accept-encoding") == "gzip, deflate")
    }

    @Test("many questions are answered in their order")
    func order() throws {
        let server = try TestServer()
        let client = try client(server.port)
        let ids = (0..<200).map { client.get("/\($0)") }
        var replies: [RESTClient.Reply] = []
        while replies.count < 200,
            !Poller.wait(for: client.fileDescriptor, .readable, milliseconds: 20_000).isEmpty
        {
            replies += client.takeReplies()
        }
        #expect(replies.map(\.id) == ids)
        #expect(
            try replies.map { try $0.result.get().body } == (0..<200).map { Array("/\($0)".utf8) })
    }

    @Test(
        "bodies up to the limit arrive whole, larger ones are refused",
        arguments: [(0, true), (1, true), (100_000, true), (3_000_000, true), (3_000_001, false)])
    func size(count: Int, fits: Bool) throws {
        let body = [UInt8](repeating: 65, count: count)
        let server = try TestServer { _, _ in .text(body) }
        let client = try client(server.port, maximumBody: 3_000_000)
        let result = try #require(client.reply(to: "/"))
        if fits {
            #expect(try result.get().body == body)
        } else {
            #expect(result.failure?.kind == .tooLarge)
            #expect(
                result.failure?.description
                    == "127.0.0.1:\(server.port) sent an answer above 3000000 bytes")
            #expect(result.failure?.isRetryable == false)
        }
    }

    @Test("Retry-After is read, also of 429", arguments: [("7", 7), ("0", nil), ("soon", nil)])
    func retryAfter(value: String, seconds: Int?) throws {
        let server = try TestServer { _, _ in
            .problem(.tooManyRequests, "slower", fields: [.init("Retry-After", value)])
        }
        let answer = try client(server.port).reply(to: "/")?.get()
        #expect(answer?.status == 429)
        #expect(answer?.retryAfterSeconds == seconds)
    }

    @Test("a redirect is an answer, not followed")
    func redirect() throws {
        let other = try TestServer()
        let server = try ScriptedServer(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(other.port)/\r\n"
                + "Content-Length: 0\r\n\r\n")
        #expect(try client(server.port).reply(to: "/")?.get().status == 302)
        #expect(other.records.isEmpty)
    }

    @Test(
        "what is no whole HTTP answer is a lost connection",
        arguments: [
            "", "hello",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf",
        ])
    func broken(answer: String) throws {
        let server = try ScriptedServer(answer)
        let error = try client(server.port).reply(to: "/")?.failure
        #expect(error?.kind == .lost)
        #expect(error?.isRetryable == true)
        #expect(
            error?.description.hasPrefix("the connection to 127.0.0.1:\(server.port) broke (")
                == true)
    }

    /// 2,000 times `A`, packed.
    private static let packed: [UInt8] = [
        0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03, 0x73, 0x74, 0x1c, 0x05, 0xa3, 0x60, 0x14,
        0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1, 0x50, 0x07, 0x00, 0x57, 0x00, 0xcc, 0xff, 0xd0,
        0x07, 0x00, 0x00,
    ]

    @Test(
        "packed bodies are unpacked, and the limit counts what comes out",
        arguments: [(2_000, true), (1_999, false)])
    func packed(limit: Int, fits: Bool) throws {
        let server = try TestServer { _, _ in
            HTTPResponse(
                contentType: "text/plain", fields: [.init("Content-Encoding", "gzip")],
                body: Self.packed)
        }
        let result = try #require(client(server.port, maximumBody: limit).reply(to: "/"))
        if fits {
            #expect(try result.get().body == [UInt8](repeating: 65, count: 2_000))
        } else {
            #expect(result.failure?.kind == .tooLarge)
        }
    }

    @Test("a late answer is a timeout")
    func timeout() throws {
        let server = try TestServer { _, _ in nil }
        let error = try client(server.port, timeoutMilliseconds: 100).reply(to: "/")?.failure
        #expect(error?.kind == .timeout)
        #expect(error?.description == "127.0.0.1:\(server.port) did not answer within 100 ms")
        #expect(error?.isRetryable == true)
    }

    @Test("a port where nobody listens, and a name that leads nowhere")
    func unreachable() throws {
        let port = try LoopbackPort.free()
        let refused = try client(port).reply(to: "/")?.failure
        #expect(refused?.kind == .refused)
        #expect(
            refused?.description
                == "nobody can be reached at 127.0.0.1:\(port): check the URL and the network, "
                + "and that the exchange or simulator runs")
        let unknown = try RESTClient(baseURL: "http://no-such-host.invalid").reply(to: "/")?.failure
        #expect(unknown?.kind == .nameUnknown)
    }

    @Test("a connection that is cut before the answer is lost, the next question is answered")
    func cut() throws {
        let server = try TestServer()
        let client = try client(server.port)
        #expect(try client.reply(to: "/first")?.get().status == 200)
        server.stop()
        let again = try TestServer(port: server.port)
        #expect(try client.reply(to: "/second")?.get().body == Array("/second".utf8))
        again.stop()
        #expect(client.reply(to: "/third")?.failure?.isRetryable == true)
    }

    @Test("more questions than the limit are refused, not piled up")
    func limit() throws {
        let silent = try SilentListener()
        let client = try client(silent.port)
        for number in 0..<(RESTClient.questionLimit + 20) { _ = client.get("/\(number)") }
        let refused = client.takeReplies()
        #expect(refused.count >= 19)
        #expect(refused.allSatisfy { $0.result.failure?.kind == .notAsked })
        client.stop()
    }

    @Test("stop breaks off the question that runs")
    func stop() throws {
        let silent = try SilentListener()
        let client = try client(silent.port)
        _ = client.get("/")
        client.stop()
        #expect(
            client.takeReplies().isEmpty
                || client.takeReplies().allSatisfy {
                    $0.result.failure?.kind == .notAsked
                })
    }

    @Test("the blocking question is the same without a thread")
    func blocking() throws {
        let server = try TestServer()
        let result = try RESTClient.get("/tool", baseURL: "http://127.0.0.1:\(server.port)")
        #expect(try result.get().body == Array("/tool".utf8))
    }

    @Test(
        "addresses that are none are refused with the remedy",
        arguments: ["", "api.mexc.com", "ftp://api.mexc.com", "https://api.mexc.com/api"])
    func badURL(url: String) {
        #expect(
            throws: WebTransportError.badURL(
                url, expected: "https://api.mexc.com or http://127.0.0.1:8700")
        ) {
            try RESTClient(baseURL: url)
        }
    }
}
