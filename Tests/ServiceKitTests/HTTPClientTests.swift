import Testing
import WireFormats

@testable import ServiceKit

@Suite("The HTTP client")
struct HTTPClientTests {
    @Test(
        "an address is taken apart",
        arguments: [
            ("http://127.0.0.1:8002/health", "127.0.0.1", 8002, "/health"),
            ("http://localhost", "localhost", 80, "/"),
            ("HTTP://h:1?a=b", "h", 1, "/?a=b"), ("http://[::1]:80/x", "::1", 80, "/x"),
        ] as [(String, String, UInt16, String)])
    func targets(url: String, host: String, port: UInt16, path: String) {
        let target = HTTPTarget(url)
        #expect(target?.host == host)
        #expect(target?.port == port)
        #expect(target?.path == path)
    }

    @Test(
        "what is no http address is refused",
        arguments: [
            "https://a/", "a:80", "http://", "http://:80/", "http://a:x/", "http://a:0/",
            "http://a:70000/", "http://a/b c", "http://a/\r\nX: y", "http://[::1/",
        ])
    func badTargets(url: String) {
        #expect(throws: HTTPClientError.badURL(url)) { try HTTPClient().send("GET", url) }
    }

    @Test("a request reaches a server with its body and token, and the answer comes back")
    func roundTrip() throws {
        let echo = HTTPRoute("POST", "/echo") { request in
            .text(Array((request.field("authorization") ?? "none").utf8) + request.body)
        }
        let server = try HTTPServer(
            address: "127.0.0.1", port: 0, routes: [echo], logger: HTTPServerTests.quiet)
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)"
        let body = [UInt8](repeating: 97, count: 1_000_000)
        let reply = try HTTPClient().send("POST", url + "/echo", bearer: "t", body: body)
        #expect(reply.status == 200)
        #expect(reply.body == Array("Bearer t".utf8) + body)
        #expect(try HTTPClient().send("GET", url + "/no").status == 404)
        #expect(try HTTPClient().send("POST", url + "/echo").status == 200)
    }

    @Test("a server that is not there, and one that is silent, are told apart")
    func failures() throws {
        let server = try HTTPServer(
            address: "127.0.0.1", port: 0, routes: [], logger: HTTPServerTests.quiet)
        server.stop()
        let gone = "http://127.0.0.1:\(server.port)/"
        #expect(
            throws: HTTPClientError.cannotConnect(
                "cannot connect to 127.0.0.1:\(server.port): Connection refused")
        ) { try HTTPClient().send("GET", gone) }
        let silent = try HTTPListener(address: "127.0.0.1", port: 0)
        let url = "http://127.0.0.1:\(silent.port)/"
        #expect(throws: HTTPClientError.timeout(url)) {
            try HTTPClient(timeoutMilliseconds: 50).send("GET", url)
        }
    }
}
