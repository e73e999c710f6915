import CoreModels
import PrivateServers
import ServiceKit
import TestKit
import Testing
import WebTransport

@Suite("WebSocket client")
struct WebSocketClientTests {
    @Test(
        "messages of every size come back as they were sent",
        arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 351_000, 2 << 20])
    func sizes(count: Int) throws {
        let server = try TestServer(echoes: true, limits: .init(receivedBytes: 2 << 20))
        let client = try WebSocketClient.open(server.port)
        let text = (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        client.send(text)
        let echo = try #require(client.nextMessage())
        let isEqual = echo.bytes == text
        #expect(isEqual)
        #expect(!echo.isBinary)
        client.stop()
    }

    @Test("a binary message is told as such, and the clocks are read at receipt")
    func binary() throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port)
        let connection = server.waitForConnection()
        let before = (SystemClock.now().milliseconds, SystemClock.monotonicNanoseconds)
        server.perform { $0.send([0x1f, 0x8b, 0xff], isBinary: true, to: connection) }
        guard case .message(let bytes, let isBinary, let receivedAt, let monotonic) = client.next()
        else { throw NotOpened() }
        #expect(bytes == [0x1f, 0x8b, 0xff])
        #expect(isBinary)
        #expect(receivedAt >= before.0 && receivedAt <= SystemClock.now().milliseconds)
        #expect(monotonic >= before.1 && monotonic <= SystemClock.monotonicNanoseconds)
    }

    @Test("many messages arrive in order while the reader takes them")
    func order() throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port)
        let connection = server.waitForConnection()
        for start in stride(from: 0, to: 20_000, by: 1_000) {
            server.perform { server in
                for number in start..<(start + 1_000) {
                    server.send(Array("\(number)".utf8), to: connection)
                }
            }
            for number in start..<(start + 1_000) {
                #expect(client.nextMessage()?.bytes == Array("\(number)".utf8))
            }
        }
    }

    @Test("a message above the limit ends the connection")
    func tooLarge() throws {
        let server = try TestServer()
        let limits = WebSocketLimits(messageBytes: 1_000)
        let client = try WebSocketClient.open(server.port, limits: limits)
        let connection = server.waitForConnection()
        server.perform { server in
            server.send([UInt8](repeating: 65, count: 1_000), to: connection)
            server.send([UInt8](repeating: 65, count: 1_001), to: connection)
        }
        #expect(client.nextMessage()?.bytes.count == 1_000)
        let end = try #require(client.end())
        #expect(end.code == 1_009)
        #expect(end.failure == .tooLarge)
        #expect(
            end.reason == "127.0.0.1:\(server.port) sent a message above 1000 bytes")
        let isClosed = server.wait { $0 == .closed(connection) ? true : nil }
        #expect(isClosed == true)
    }

    @Test(
        "what the reader leaves lying is bounded, and what came before the bound is kept",
        arguments: [(10, 1 << 20, 10), (1_000, 2_000, 20)])
    func slowReader(messages: Int, bytes: Int, kept: Int) throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(
            server.port,
            limits: WebSocketLimits(
                messageBytes: 1_000, waitingMessages: messages, waitingBytes: bytes))
        let connection = server.waitForConnection()
        server.perform { server in
            for _ in 0..<50 { server.send([UInt8](repeating: 65, count: 100), to: connection) }
        }
        #expect(server.wait { $0 == .closed(connection) ? true : nil } == true)
        let events = client.takeEvents(limit: 1_000)
        #expect(events.count == kept + 1)
        let reason =
            "more than \(messages) messages or \(bytes) bytes of 127.0.0.1:\(server.port) wait "
            + "for the reader"
        #expect(events.last == .closed(code: 1_008, reason: reason, .slowReader))
    }

    @Test("what a server does not take is bounded too")
    func slowServer() throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port, limits: .init(unsentMessages: 50))
        let gate = Monitor(false)
        server.perform { _ in _ = gate.wait(milliseconds: 20_000) { $0 ? true : nil } }
        for _ in 0..<2_000 { client.send([UInt8](repeating: 65, count: 60_000)) }
        #expect(
            client.next()
                == .closed(
                    code: 1_006,
                    reason: "127.0.0.1:\(server.port) takes nothing: 50 messages wait to be sent",
                    .lost))
        gate.update { $0 = true }
    }

    @Test("half a frame is silence, and its cut is a lost connection")
    func halfFrame() throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port)
        let connection = server.waitForConnection()
        server.perform { server in
            server.send(Array("whole".utf8), to: connection)
            server.sendHalfFrame(of: [UInt8](repeating: 65, count: 70_000), to: connection)
            server.send(Array("never".utf8), to: connection)
        }
        #expect(client.nextMessage()?.bytes == Array("whole".utf8))
        #expect(client.next(milliseconds: 50) == nil)
        server.perform { $0.abort(connection) }
        #expect(
            client.next()
                == .closed(
                    code: 1_006, reason: "the connection to 127.0.0.1:\(server.port) broke", .lost))
        // The same client comes back.
        client.connect()
        #expect(client.next() == .opened)
    }

    @Test(
        "a close of the server's is told with code and reason",
        arguments: [(1_000, "", ""), (1_001, "bye", ": bye"), (4_001, "ü", ": ü")])
    func closeThere(code: Int, reason: String, told: String) throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port)
        let connection = server.waitForConnection()
        server.perform { server in
            server.send(Array("last words".utf8), to: connection)
            server.close(connection, code: code, reason: reason)
        }
        #expect(client.nextMessage()?.bytes == Array("last words".utf8))
        #expect(
            client.next()
                == .closed(
                    code: code, reason: "127.0.0.1:\(server.port) closed\(told)", nil))
        #expect(server.wait { $0 == .closed(connection) ? true : nil } == true)
    }

    @Test("a close here is told at once, reaches the server, and the client can come back")
    func closeHere() throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port)
        let connection = server.waitForConnection()
        client.close(code: 1_000, reason: "enough")
        client.connect()
        #expect(client.next() == .closed(code: 1_000, reason: "closed here: enough", nil))
        #expect(client.next() == .opened)
        #expect(server.wait { $0 == .closed(connection) ? true : nil } == true)
    }

    @Test("a port where nobody listens")
    func refused() throws {
        let port = try LoopbackPort.free()
        let client = try WebSocketClient.local(port)
        for _ in 0..<3 {
            client.connect()
            let end = try #require(client.end())
            #expect(end.code == 1_006)
            #expect(end.failure == .refused)
            #expect(
                end.reason
                    == "nobody can be reached at 127.0.0.1:\(port): check the URL and the network, "
                    + "and that the exchange or simulator runs")
        }
    }

    @Test("a name that leads nowhere")
    func unknownName() throws {
        let client = try WebSocketClient(url: "ws://no-such-host.invalid/edge")
        client.connect()
        let end = try #require(client.end())
        #expect(end.failure == .nameUnknown)
        #expect(
            end.reason
                == "the name no-such-host.invalid leads nowhere: check the network, the URL and the "
                + "name server")
    }

    @Test("a server that accepts and says nothing")
    func silence() throws {
        let silent = try SilentListener()
        let client = try WebSocketClient.local(silent.port, limits: .init(connectSeconds: 1))
        client.connect()
        let end = try #require(client.end())
        #expect(end.failure == .timeout)
        #expect(end.reason.hasPrefix("127.0.0.1:\(silent.port) did not answer in time"))
    }

    @Test("a server that is no WebSocket server there")
    func wrongPath() throws {
        let server = try TestServer()
        let client = try WebSocketClient.local(server.port, path: "/elsewhere")
        client.connect()
        let end = try #require(client.end())
        #expect(end.failure == .handshake)
        #expect(
            end.reason.hasPrefix("127.0.0.1:\(server.port) is no WebSocket server at /elsewhere"))
    }

    @Test("stop ends the thread while a connection is open, and says goodbye")
    func stop() throws {
        let server = try TestServer()
        let client = try WebSocketClient.open(server.port)
        let connection = server.waitForConnection()
        client.stop()
        client.connect()
        client.send([65])
        #expect(server.wait { $0 == .closed(connection) ? true : nil } == true)
        #expect(client.takeEvents().count <= 1)
    }

    @Test(
        "addresses that are none are refused with the remedy",
        arguments: [
            "", "contract.mexc.com/edge", "http://contract.mexc.com/edge", "ws://", "ws://:80/",
            "ws://user:secret@host/edge", "ws://host:0/", "ws://host:99999/", "ws://a b/",
        ])
    func badURL(url: String) {
        #expect(
            throws: WebTransportError.badURL(
                url, expected: "wss://contract.mexc.com/edge or ws://127.0.0.1:8700/edge")
        ) {
            try WebSocketClient(url: url)
        }
    }

    @Test("hundreds of connections and thousands of messages leave no memory and no descriptor")
    func memory() throws {
        let server = try TestServer(echoes: true)
        let client = try WebSocketClient.local(server.port)
        let message = [UInt8](repeating: 65, count: 40_000)
        func connect(times: Int) throws {
            for _ in 0..<times {
                client.connect()
                #expect(client.next() == .opened)
                for _ in 0..<5 { client.send(message) }
                for _ in 0..<5 { #expect(client.nextMessage()?.bytes.count == message.count) }
                client.close()
                #expect(client.end()?.code == 1_000)
            }
        }
        try connect(times: 50)
        // A leak grows in every round; what other tests of this process take does not.
        var growths: [(bytes: Int, files: Int)] = []
        for _ in 0..<6 {
            let before = (try residentBytes(), Files.entries(of: "/proc/self/fd").count)
            try connect(times: 100)
            let after = (try residentBytes(), Files.entries(of: "/proc/self/fd").count)
            growths.append((after.0 - before.0, after.1 - before.1))
        }
        #expect(growths.map(\.bytes).min() ?? 0 < 1 << 20)
        #expect(growths.map(\.files).min() ?? 0 < 50)
    }
}
