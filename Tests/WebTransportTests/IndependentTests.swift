import Glibc
import PrivateServers
import Testing
import WebTransport

@Suite(
    "Against the Python package websockets",
    .enabled(if: PythonWebSockets.python != nil, "PyPI cannot be reached"))
struct IndependentTests {
    private static let serverScript = """
        from websockets.sync.server import serve

        def handle(socket):
            for message in socket:
                if message == "text":
                    socket.send("grüße")
                elif message == "binary":
                    socket.send(b"\\x1f\\x8b\\xff")
                elif message == "fragments":
                    socket.send(iter(["one ", "", "two ", "x" * 100000]))
                elif message == "large":
                    socket.send("x" * (2 << 20))
                elif message == "larger":
                    socket.send("x" * ((2 << 20) + 1))
                elif message == "ping":
                    socket.send("pong" if socket.ping().wait(20) else "silence")
                elif message == "close":
                    socket.close(4001, "bye")
                elif message == "vanish":
                    socket.socket.shutdown(2)

        with serve(handle, "127.0.0.1", 0) as server:
            print(server.socket.getsockname()[1])
            server.serve_forever()
        """

    private static let clientScript = """
        import sys
        from websockets.sync.client import connect
        from websockets.exceptions import ConnectionClosed

        with connect(f"ws://127.0.0.1:{sys.argv[1]}/edge", max_size=4 << 20) as socket:
            for message in ["grüße", b"\\x1f\\x8b\\xff", "", "x" * 60000]:
                socket.send(message)
                assert socket.recv(timeout=20) == message
            socket.send(iter(["one ", "two ", "three"]))
            assert socket.recv(timeout=20) == "one two three"
            assert socket.ping().wait(20)
            socket.send("x" * 70000)
            try:
                socket.recv(timeout=20)
            except ConnectionClosed as closed:
                print(closed.rcvd.code if closed.rcvd else "no close frame")
        with connect(f"ws://127.0.0.1:{sys.argv[1]}/ws") as socket:
            socket.close(1000, "done")
        print("ok")
        """

    @Test("our client understands everything that its server says")
    func client() throws {
        let child = try PythonWebSockets.start(Self.serverScript)
        defer { child.stop(signal: SIGKILL) }
        let port = try #require(UInt16(Self.line(of: child)))
        let client = try WebSocketClient.open(port)
        func ask(_ text: String) { client.send(Array(text.utf8)) }
        ask("text")
        #expect(client.nextMessage()?.bytes == Array("grüße".utf8))
        ask("binary")
        let binary = try #require(client.nextMessage())
        #expect(binary.bytes == [0x1f, 0x8b, 0xff])
        #expect(binary.isBinary)
        ask("fragments")
        #expect(
            client.nextMessage()?.bytes
                == Array("one two ".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 100_000))
        ask("ping")
        #expect(client.nextMessage()?.bytes == Array("pong".utf8))
        ask("large")
        #expect(client.nextMessage()?.bytes.count == 2 << 20)
        ask("larger")
        #expect(client.end()?.failure == .tooLarge)
        try reopen(client)
        ask("close")
        #expect(client.next() == .closed(code: 4_001, reason: "127.0.0.1:\(port) closed: bye", nil))
        try reopen(client)
        ask("vanish")
        #expect(client.end()?.failure == .lost)
    }

    @Test("our server is understood by its client")
    func server() throws {
        let server = try TestServer(echoes: true)
        let child = try PythonWebSockets.start(Self.clientScript, ["\(server.port)"])
        let output = String(decoding: child.readOutput(), as: UTF8.self)
        #expect(child.wait(seconds: 60) == .exited(0))
        #expect(output == "1009\nok\n")
    }

    private func reopen(_ client: WebSocketClient) throws {
        client.connect()
        #expect(client.next() == .opened)
    }

    private static func line(of child: ChildProcess) -> String {
        var text: [UInt8] = []
        var byte: UInt8 = 0
        while read(child.output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { text.append(byte) }
        return String(decoding: text, as: UTF8.self)
    }
}
