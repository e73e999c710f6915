import Glibc
import Testing
import WireFormats

@testable import ServiceKit

@Suite("The HTTP server under attack", .serialized)
struct HTTPServerAttackTests {
    private static let pageBytes = 200_000

    /// Runs `body` with a server that has a word, a page and an echo.
    private func withServer(
        _ change: (inout HTTPServerLimits) -> Void = { _ in },
        _ body: (HTTPServer) throws -> Void
    ) throws {
        var limits = HTTPServerLimits()
        change(&limits)
        let page = [UInt8](repeating: 120, count: Self.pageBytes)
        let server = try HTTPServer(
            address: "127.0.0.1", port: 0,
            routes: [
                HTTPRoute("GET", "/hello") { _ in .text(Array("hello".utf8)) },
                HTTPRoute("GET", "/page") { _ in .text(page) },
                HTTPRoute("POST", "/echo") { .text($0.body) },
            ], limits: limits, logger: HTTPServerTests.quiet)
        defer { server.stop() }
        try body(server)
    }

    private static let hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let page = "GET /page HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Another client is served as if nothing were the matter.
    private func expectService(_ server: HTTPServer) throws {
        let client = try SocketClient(port: server.port)
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(client.receive().hasSuffix("\r\n\r\nhello"))
    }

    @Test("a client that sends a byte now and then is answered with 408 in the end")
    func dribble() throws {
        #expect(HTTPServerLimits().headMilliseconds == 5_000)
        try withServer({ $0.headMilliseconds = 500 }) { server in
            let clients = try (0..<50).map { _ in try SocketClient(port: server.port) }
            for client in clients { client.send("GET /hello HTTP/1.1\r\nX: ") }
            let last = try #require(clients.last)
            let deadline = SystemClock.monotonicMilliseconds + 20_000
            while Poller.wait(for: last.descriptor, .readable, milliseconds: 50).isEmpty {
                for client in clients { client.send("x") }
                try #require(SystemClock.monotonicMilliseconds < deadline)
                try expectService(server)
            }
            for client in clients {
                #expect(client.receive().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            }
            try expectNoneHeld(server)
        }
    }

    @Test("heads of 70 KB, noise and pages that nobody waits for: the others are served throughout")
    func garbage() throws {
        try withServer { server in
            for turn in 0..<90 {
                let client = try SocketClient(port: server.port)
                switch turn % 3 {
                case 0:
                    client.send("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 70_000))
                    #expect(client.receive().hasPrefix("HTTP/1.1 431 "))
                case 1:
                    client.send((0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ turn) })
                    #expect(client.receive().hasPrefix("HTTP/1.1 400 "))
                default:
                    client.resetOnClose()
                    client.send(Self.page + Self.page)
                    _ = client.receive { !$0.isEmpty }
                }
                if turn % 10 == 0 { try expectService(server) }
            }
            try expectNoneHeld(server)
        }
    }

    @Test("two thousand pipelined requests get two thousand answers, and others theirs meanwhile")
    func pipelining() throws {
        try withServer { server in
            let client = try SocketClient(port: server.port)
            client.send(String(repeating: Self.hello, count: 2_000))
            try expectService(server)
            client.endSending()
            let answer = client.receive()
            #expect(answer.split(separator: "HTTP/1.1 200 OK\r\n").count == 2_000)
            #expect(answer.hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test("five hundred connections that stay are all served, again and again")
    func keptConnections() throws {
        try withServer { server in
            let clients = try (0..<500).map { _ in try SocketClient(port: server.port) }
            for _ in 0..<3 {
                for client in clients { client.send(Self.hello) }
                let served = clients.count { client in
                    client.receive { $0.hasSuffix("\r\n\r\nhello") }.hasPrefix("HTTP/1.1 200 ")
                }
                #expect(served == 500)
            }
            #expect(try held(server) == 500)
            for client in clients { client.endSending() }
            try expectNoneHeld(server)
        }
    }

    @Test("connections too many are told 503, however many, and none of them waits")
    func refusal() throws {
        try withServer({ ($0.connections, $0.patienceMilliseconds) = (20, 600_000) }) { server in
            let clients = try (0..<20).map { _ in try SocketClient(port: server.port) }
            for client in clients {
                client.send(Self.hello)
                _ = client.receive { $0.hasSuffix("hello") }
            }
            let refused = try (0..<400).map { _ in try SocketClient(port: server.port) }
            for client in refused {
                let answer = client.receive()
                #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
                #expect(answer.contains("\r\nConnection: close\r\n"))
            }
            clients[7].send(Self.hello)
            #expect(clients[7].receive { $0.hasSuffix("hello") }.hasPrefix("HTTP/1.1 200 "))
            for client in clients { client.endSending() }
            try expectNoneHeld(server)
            try expectService(server)
        }
    }

    @Test("those that only hold their connection go, the longest first, when others want one")
    func idleConnections() throws {
        let never: Int64 = 600_000
        try withServer({
            ($0.connections, $0.patienceMilliseconds, $0.headMilliseconds) = (20, 0, never)
        }) { server in
            let idle = try (0..<400).map { _ in try SocketClient(port: server.port) }
            try expectService(server)
            // One went for the client that was served just now.
            try wait { idle.count { !isReadable($0) } == 19 }
            for client in idle where isReadable(client) {
                #expect(client.receive().hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            }
            let kept = try #require(idle.first { !isReadable($0) })
            kept.send(Self.hello)
            #expect(kept.receive { $0.hasSuffix("hello") }.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("clients that ask for much and read nothing are cut off when they cost too much memory")
    func deafClients() throws {
        let never: Int64 = 600_000
        try withServer({ ($0.heldBytes, $0.writeMilliseconds) = (4_000_000, never) }) { server in
            let clients = try (0..<60).map { _ in try SocketClient(port: server.port) }
            for client in clients { client.send(String(repeating: Self.page, count: 100)) }
            try expectService(server)
            // 4 MB are at most twenty of the pages.
            try wait { clients.count { isCutOff($0) } >= 35 }
            try expectService(server)
        }
    }

    @Test("bodies that never end cost no more memory than is allowed for all of them")
    func endlessBodies() throws {
        try withServer({ $0.heldBytes = 4_000_000 }) { server in
            let piece = [UInt8](repeating: 120, count: 900_000)
            let clients = try (0..<20).map { _ in try SocketClient(port: server.port) }
            for client in clients {
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
                client.send(piece)
            }
            try wait { clients.count { isCutOff($0) } >= 15 }
            try expectService(server)
        }
    }

    @Test("a thread that computes all the time is kept to its share, and one that rests is not")
    func processorShare() {
        var share = ProcessorShare(clock: 1_000, processor: 0)
        let burst = ProcessorShare.burstNanoseconds
        #expect(share.rest(clock: 1_000, processor: burst) == 0)
        // 10 ms too many are made up for in 100 ms.
        #expect(share.rest(clock: 1_000, processor: burst + 10_000_000) == 100)
        #expect(share.rest(clock: 100_001_000, processor: burst + 10_000_000) == 0)
        // However long the rest, no more than a burst is saved up.
        let later: Int64 = 3_600_000_000_000
        #expect(share.rest(clock: later, processor: 2 * burst + 10_000_000) == 0)
        #expect(share.rest(clock: later, processor: 3 * burst + 10_000_001) == 1)
    }

    @Test("a metrics page made ahead is soon replaced by a fresh one")
    func metricsPage() throws {
        let metrics = Metrics(service: "cdb_risk")
        let counter = metrics.counter("cdb_things_total", "Things.").with()
        let page = MetricsPage(metrics)
        _ = page.read {}
        counter.increment(by: 7)
        try wait { String(decoding: page.read {}, as: UTF8.self).contains("cdb_things_total 7\n") }
    }

    // MARK: - What the system knows

    private func wait(until condition: () throws -> Bool) throws {
        let deadline = SystemClock.monotonicMilliseconds + 20_000
        while try !condition() { try #require(SystemClock.monotonicMilliseconds < deadline) }
    }

    private func isReadable(_ client: SocketClient) -> Bool {
        !Poller.wait(for: client.descriptor, .readable, milliseconds: 0).isEmpty
    }

    private func isCutOff(_ client: SocketClient) -> Bool {
        let ready = Poller.wait(for: client.descriptor, .readable, milliseconds: 1)
        return !ready.isDisjoint(with: .broken)
    }

    private func expectNoneHeld(_ server: HTTPServer) throws {
        try wait { try held(server) == 0 }
    }

    /// The server's ends of connections that are still somebody's descriptors.
    private func held(_ server: HTTPServer) throws -> Int {
        let hex = String(server.port, radix: 16, uppercase: true)
        let local = ":" + String(repeating: "0", count: 4 - hex.count) + hex
        return try text("/proc/self/net/tcp").split(separator: "\n").dropFirst().count { line in
            let fields = line.split(separator: " ")
            // Address, state (0A: listening), inode (0: nobody's).
            return fields[1].hasSuffix(local) && fields[3] != "0A" && fields[9] != "0"
        }
    }

    private func text(_ path: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError("open \(path)") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &piece, piece.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }
}
