import Glibc
import Synchronization
import Testing
import WireFormats

@testable import ServiceKit

@Suite("The HTTP server against real sockets")
struct HTTPServerTests {
    static let quiet = Logger(service: "test", level: .error)

    /// Runs `body` with a server that has an echo, a large page and a slow command.
    private func withServer(
        _ change: (inout HTTPServerLimits) -> Void = { _ in }, extra: [HTTPRoute] = [],
        _ body: (HTTPServer) throws -> Void
    ) throws {
        var limits = HTTPServerLimits()
        change(&limits)
        let routes = [
            HTTPRoute("GET", "/hello") { _ in .text(Array("hello".utf8)) },
            HTTPRoute("GET", "/large") { _ in .text([UInt8](repeating: 120, count: 4_000_000)) },
            HTTPRoute("POST", "/echo") { request in .text(request.body) },
        ]
        let server = try HTTPServer(
            address: "127.0.0.1", port: 0, routes: routes + extra, limits: limits,
            logger: Self.quiet)
        defer { server.stop() }
        try body(server)
    }

    private static func get(_ path: String, close: Bool = true) -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(close ? "Connection: close\r\n" : "")\r\n"
    }

    private static func count(_ text: String, _ part: String) -> Int {
        var count = 0
        var rest = Array(text.utf8)[...]
        let wanted = Array(part.utf8)
        while rest.count >= wanted.count {
            if rest.starts(with: wanted) { count += 1 }
            rest.removeFirst()
        }
        return count
    }

    @Test("answers, keeps the connection, and closes it when asked")
    func keepAlive() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send(Self.get("/hello", close: false))
            let first = client.receive { $0.hasSuffix("hello") }
            #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(first.contains("Connection: keep-alive"))
            client.send(Self.get("/hello"))
            let second = client.receive()
            #expect(second.hasSuffix("\r\nConnection: close\r\n\r\nhello"))
        }
    }

    @Test("HEAD is GET without the body, with its length")
    func head() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = client.receive()
            #expect(answer.contains("Content-Length: 5\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("unknown paths are 404, wrong methods 405 with Allow, both as problems")
    func routing() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send(Self.get("/nothing", close: false))
            client.send("DELETE /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = client.receive()
            #expect(answer.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
            #expect(answer.contains("HTTP/1.1 405 Method Not Allowed\r\n"))
            #expect(answer.contains("\r\nAllow: GET, HEAD\r\n"))
            #expect(Self.count(answer, "application/problem+json") == 2)
        }
    }

    @Test("pipelined requests are answered in order, also across one that waits")
    func pipelining() throws {
        let slow = HTTPRoute("POST", "/slow", place: .deferred) { request in
            .text(Array("slow".utf8) + request.body)
        }
        try withServer(extra: [slow]) { server in
            let client = try SocketClient(port: server.port)
            var input = ""
            for number in 0..<50 {
                let body = "<\(number)>"
                let path = number % 7 == 0 ? "/slow" : "/echo"
                input +=
                    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                input += body
            }
            client.send(input + Self.get("/hello"))
            let answer = client.receive()
            let numbers = answer.split(separator: "<").dropFirst().compactMap { part in
                part.split(separator: ">").first.flatMap { Int($0) }
            }
            #expect(numbers == Array(0..<50))
            #expect(answer.hasSuffix("hello"))
        }
    }

    @Test("pipelined answers larger than the output limit all arrive")
    func pipelinedLarge() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send(Self.get("/large", close: false) + Self.get("/large", close: false))
            client.send(Self.get("/hello"))
            let answer = client.receive()
            #expect(answer.utf8.count > 8_000_000)
            #expect(answer.hasSuffix("hello"))
        }
    }

    @Test("a command that waits does not hold up a scrape")
    func slowCommand() throws {
        let gate = Monitor(false)
        let slow = HTTPRoute("POST", "/wait", place: .deferred) { _ in
            gate.wait(milliseconds: 10_000) { $0 ? true : nil } == true
                ? .text(Array("done".utf8)) : .problem(.gatewayTimeout, "never opened")
        }
        try withServer(extra: [slow]) { server in
            let waiting = try (0..<4).map { _ in try SocketClient(port: server.port) }
            for client in waiting {
                client.send("POST /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            }
            let scraper = try SocketClient(port: server.port)
            scraper.send(Self.get("/hello"))
            #expect(scraper.receive().hasSuffix("hello"))
            gate.update { $0 = true }
            for client in waiting { #expect(client.receive().hasSuffix("done")) }
        }
    }

    @Test("commands beyond what may wait are told to come again")
    func tooManyCommands() throws {
        let gate = Monitor(false)
        let slow = HTTPRoute("POST", "/wait", place: .deferred) { _ in
            _ = gate.wait(milliseconds: 10_000) { $0 ? true : nil }
            return .text(Array("done".utf8))
        }
        try withServer({ ($0.workers, $0.waitingRequests) = (1, 1) }, extra: [slow]) { server in
            let clients = try (0..<6).map { _ in try SocketClient(port: server.port) }
            for client in clients {
                client.send("POST /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            }
            // One or two are with the worker and in the queue; the others are refused at once.
            var entries = clients.map { PollEntry($0.descriptor, .readable) }
            let deadline = SystemClock.monotonicMilliseconds + 10_000
            while Poller.wait(on: &entries, milliseconds: 1_000) < 4 {
                try #require(SystemClock.monotonicMilliseconds < deadline)
            }
            gate.update { $0 = true }
            let answers = clients.map { $0.receive() }
            let refused = answers.filter { $0.contains("503 Service Unavailable") }
            #expect((4...5).contains(refused.count))
            #expect(refused.allSatisfy { $0.contains("Retry-After: 1") })
            #expect(answers.filter { $0.hasSuffix("done") }.count == 6 - refused.count)
        }
    }

    @Test("a head that dribbles in is answered with 408 and closed")
    func slowLoris() throws {
        try withServer({ $0.headMilliseconds = 300 }) { server in
            let client = try SocketClient(port: server.port)
            client.send("GET /hello HTTP/1.1\r\nHost:")
            let answer = client.receive()
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        }
    }

    @Test("a body that never comes is answered with 408 and closed")
    func slowBody() throws {
        try withServer({ $0.bodyMilliseconds = 300 }) { server in
            let client = try SocketClient(port: server.port)
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
            #expect(client.receive().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test("a connection that says nothing, and one that idles after a request, are closed silently")
    func idle() throws {
        try withServer({ ($0.headMilliseconds, $0.idleMilliseconds) = (300, 300) }) { server in
            #expect(try SocketClient(port: server.port).receive() == "")
            let client = try SocketClient(port: server.port)
            client.send(Self.get("/hello", close: false))
            #expect(client.receive().hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test("a client that does not read loses its connection, and nobody else notices")
    func slowReader() throws {
        try withServer({ $0.writeMilliseconds = 300 }) { server in
            let client = try SocketClient(port: server.port)
            var size: Int32 = 4_096
            setsockopt(
                client.descriptor, SOL_SOCKET, SO_RCVBUF, &size,
                socklen_t(MemoryLayout<Int32>.size))
            for _ in 0..<4 { client.send(Self.get("/large", close: false)) }
            let other = try SocketClient(port: server.port)
            other.send(Self.get("/hello"))
            #expect(other.receive().hasSuffix("hello"))
            // Cut off in the middle: the end comes before four answers have.
            let deadline = SystemClock.monotonicMilliseconds + 10_000
            while true {
                let ready = Poller.wait(for: client.descriptor, .readable, milliseconds: 100)
                if !ready.isDisjoint(with: .broken) { break }
                try #require(SystemClock.monotonicMilliseconds < deadline)
            }
        }
    }

    @Test("a client that stops sending still gets its answer")
    func halfClosed() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send(Self.get("/hello", close: false))
            client.endSending()
            #expect(client.receive().hasSuffix("\r\n\r\nhello"))
            let partial = try SocketClient(port: server.port)
            partial.send("GET /hel")
            partial.endSending()
            #expect(partial.receive() == "")
        }
    }

    @Test("clients that vanish, also in mid-answer, harm nobody")
    func vanishing() throws {
        try withServer { server in
            for number in 0..<40 {
                let client = try SocketClient(port: server.port)
                client.resetOnClose()
                client.send(number % 2 == 0 ? Self.get("/large") : "GET /he")
                if number % 4 == 0 { _ = client.receive { !$0.isEmpty } }
            }
            let client = try SocketClient(port: server.port)
            client.send(Self.get("/hello"))
            #expect(client.receive().hasSuffix("hello"))
        }
    }

    @Test(
        "garbage gets 400 and the end, and a body that is too large its 413",
        arguments: [
            ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 400), ("GET / HTTP/1.1\n\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413),
            ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        ])
    func garbage(text: String, status: Int) throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            // The answer must arrive although more is sent than is ever read as a request.
            client.send(text + String(repeating: "x", count: 100_000))
            client.endSending()
            let answer = client.receive()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("application/problem+json"))
        }
    }

    @Test("a head beyond 64 KiB gets 431")
    func headTooLarge() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
            client.send(String(repeating: "x", count: 70_000))
            #expect(client.receive().hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test("a chunked body arrives whole, and 100 Continue is said")
    func chunked() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            let interim = client.receive { $0.hasSuffix("\r\n\r\n") }
            #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            #expect(client.receive().hasSuffix("\r\n\r\nabcde"))
        }
    }

    @Test("five hundred connections at once are all served")
    func manyConnections() throws {
        try withServer { server in
            let clients = try (0..<500).map { _ in try SocketClient(port: server.port) }
            for client in clients { client.send("GET /hello HTTP/1.1\r\n") }
            for client in clients { client.send("Host: a\r\nConnection: close\r\n\r\n") }
            let answered = clients.filter { $0.receive().hasSuffix("\r\n\r\nhello") }
            #expect(answered.count == 500)
        }
    }

    @Test("a connection too many gets a polite 503, and there is room again later")
    func connectionLimit() throws {
        try withServer({ ($0.connections, $0.patienceMilliseconds) = (2, 600_000) }) { server in
            var first: SocketClient? = try SocketClient(port: server.port)
            first?.send(Self.get("/hello", close: false))
            _ = first?.receive { $0.hasSuffix("hello") }
            let second = try SocketClient(port: server.port)
            second.send(Self.get("/hello", close: false))
            _ = second.receive { $0.hasSuffix("hello") }
            let third = try SocketClient(port: server.port)
            let answer = third.receive()
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.contains("Retry-After: 1"))
            first = nil
            let deadline = SystemClock.monotonicMilliseconds + 10_000
            while true {
                let later = try SocketClient(port: server.port)
                later.send(Self.get("/hello"))
                if later.receive().hasSuffix("hello") { break }
                try #require(SystemClock.monotonicMilliseconds < deadline)
            }
        }
    }

    @Test("a port that is taken is named with the remedy")
    func addressInUse() throws {
        try withServer { server in
            let error = #expect(throws: HTTPServerError.self) {
                try HTTPServer(
                    address: "127.0.0.1", port: server.port, routes: [], logger: Self.quiet)
            }
            #expect(error == .addressInUse(address: "127.0.0.1", port: server.port))
            #expect(error?.description.contains("port \(server.port)") == true)
            #expect(error?.description.contains("ss -ltnp") == true)
        }
    }

    @Test("an address that is not of this machine is refused", arguments: ["192.0.2.1", "no such"])
    func badAddress(address: String) {
        #expect(throws: HTTPServerError.badAddress(address)) {
            try HTTPServer(address: address, port: 0, routes: [], logger: Self.quiet)
        }
    }

    @Test("stopping sends the answers in hand and frees the port")
    func stopping() throws {
        let started = Monitor(false)
        let gate = Monitor(false)
        let slow = HTTPRoute("POST", "/wait", place: .deferred) { _ in
            started.update { $0 = true }
            _ = gate.wait(milliseconds: 10_000) { $0 ? true : nil }
            return .text(Array("done".utf8))
        }
        let server = try HTTPServer(
            address: "127.0.0.1", port: 0, routes: [slow], logger: Self.quiet)
        let idle = try SocketClient(port: server.port)
        let client = try SocketClient(port: server.port)
        client.send("POST /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(started.wait(milliseconds: 10_000) { $0 ? true : nil } == true)
        let stopper = try ServiceThread("stopper") { server.stop() }
        #expect(idle.receive() == "")
        gate.update { $0 = true }
        let answer = client.receive()
        #expect(answer.hasSuffix("done"))
        #expect(answer.contains("Connection: close"))
        stopper.join()
        server.stop()
        let again = try HTTPServer(
            address: "127.0.0.1", port: server.port, routes: [], logger: Self.quiet)
        again.stop()
    }
}
