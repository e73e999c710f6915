import PrivateServers
import ServiceKit
import TestKit
import Testing
import WebTransport
import WireFormats

@Suite("WebSocket server")
struct WebSocketServerTests {
    @Test("both paths open WebSockets, each with a number of its own")
    func paths() throws {
        let server = try TestServer()
        let first = try WebSocketClient.open(server.port)
        #expect(server.waitForConnection() > 0)
        let second = try WebSocketClient.local(server.port, path: "/ws")
        second.connect()
        #expect(second.next() == .opened)
        // A client may know of its opening before the server's thread has written it down.
        let isThere = server.wait { record in
            if case .opened(_, "/ws") = record { return true }
            return nil
        }
        #expect(isThere == true)
        let numbers = server.records.compactMap { record -> (Int, String)? in
            if case .opened(let number, let path) = record { return (number, path) }
            return nil
        }
        #expect(numbers.map(\.1) == ["/edge", "/ws"])
        #expect(Set(numbers.map(\.0)).count == 2)
        first.stop()
    }

    @Test("two hundred connections each get their own message")
    func many() throws {
        let server = try TestServer()
        let clients = try (0..<200).map { _ in try WebSocketClient.open(server.port) }
        server.perform { server in
            for connection in server.connections {
                server.send(Array("\(connection)".utf8), to: connection)
            }
        }
        let texts = clients.compactMap { $0.nextMessage()?.bytes }
        #expect(Set(texts).count == 200)
    }

    @Test("a request with a body arrives whole", arguments: [0, 1, 5_000, 65_536])
    func body(count: Int) throws {
        let server = try TestServer { request, _ in .text(request.body.reversed()) }
        let body = (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        let reply = try Self.post(server.port, body)
        #expect(reply?.status == 200)
        #expect(reply?.body == body.reversed())
        guard case .asked(let request, _) = server.records.first else { throw NotOpened() }
        #expect(request.method == "POST")
        #expect(request.path == "/sim/faults")
        #expect(request.field("content-type") == "application/json")
    }

    @Test("a body above the limit is refused")
    func bodyLimit() throws {
        let server = try TestServer()
        let reply = try Self.post(server.port, [UInt8](repeating: 65, count: 65_537))
        #expect(reply?.status == 413)
        #expect(server.records.isEmpty)
    }

    @Test("an answer may come later, in any order")
    func late() throws {
        let server = try TestServer { _, _ in nil }
        let slow = try RESTClient(baseURL: "http://127.0.0.1:\(server.port)")
        let fast = try RESTClient(baseURL: "http://127.0.0.1:\(server.port)")
        let slowID = slow.get("/slow")
        let slowNumber = try #require(server.number(of: "/slow"))
        _ = fast.get("/fast")
        let fastNumber = try #require(server.number(of: "/fast"))
        server.perform { server in
            server.answer(.text(Array("fast".utf8)), to: fastNumber)
            server.answer(.text(Array("slow".utf8)), to: slowNumber)
            server.answer(.text(Array("again".utf8)), to: slowNumber)
        }
        _ = Poller.wait(for: slow.fileDescriptor, .readable, milliseconds: 20_000)
        let replies = slow.takeReplies()
        #expect(replies.map(\.id) == [slowID])
        #expect(try replies.map { try $0.result.get().body } == [Array("slow".utf8)])
    }

    @Test("a port that refuses lets nobody in, keeps those inside, and opens again")
    func refuse() throws {
        let server = try TestServer(echoes: true)
        let inside = try WebSocketClient.open(server.port)
        server.performAndWait { $0.refuseConnections() }
        let outside = try WebSocketClient.local(server.port)
        outside.connect()
        #expect(outside.end()?.failure == .refused)
        // These take the descriptor that the listener has left: opening again must not touch it.
        let other = try TestServer(echoes: true)
        let strangers = try (0..<8).map { _ in try WebSocketClient.open(other.port) }
        server.performAndWait { server in
            #expect(throws: Never.self) { try server.acceptConnections() }
        }
        outside.connect()
        #expect(outside.next() == .opened)
        for client in strangers + [inside, outside] {
            client.send([65])
            #expect(client.nextMessage()?.bytes == [65])
        }
    }

    @Test("a client that reads nothing is cut at the bound, the others are served")
    func slowClient() throws {
        let server = try TestServer(limits: .init(unsentBytes: 1 << 20))
        let raw = try RawClient(port: server.port)
        raw.send(
            "GET /edge HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        let slow = server.waitForConnection()
        let other = try WebSocketClient.open(server.port)
        let isCut = eventually {
            server.perform { server in
                for _ in 0..<8 { server.send([UInt8](repeating: 65, count: 256 << 10), to: slow) }
            }
            return server.records.contains(.closed(slow))
        }
        #expect(isCut)
        server.perform { server in
            for connection in server.connections { server.send([66], to: connection) }
        }
        #expect(other.nextMessage()?.bytes == [66])
    }

    @Test("a silent client hears nothing: no pings of the server's own")
    func noPings() throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port)
        #expect(client.next(milliseconds: 300) == nil)
    }

    @Test("a port in use is named")
    func portInUse() throws {
        let server = try TestServer()
        #expect(throws: WebTransportError.portInUse(server.port)) {
            try WebSocketServer(port: server.port, webSocketPaths: [])
        }
    }

    private static func post(_ port: UInt16, _ body: [UInt8]) throws -> HTTPReply? {
        let client = try RawClient(port: port)
        client.send(
            "POST /sim/faults HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nContent-Length: \(body.count)\r\n\r\n")
        client.send(body)
        return HTTPReply(client.readToEnd(), bodyLimit: 1 << 20)
    }
}

extension TestServer {
    func number(of path: String) -> Int? {
        wait { record in
            if case .asked(let request, let number) = record, request.path == path { return number }
            return nil
        }
    }
}
