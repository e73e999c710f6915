import CWebSockets

/// What the owner does with WebSockets. A number whose connection has ended is no error: nothing
/// happens.
extension WebSocketServer {
    /// The open WebSockets, oldest first.
    public var connections: [Int] {
        sockets.filter { $0.value.webSocket != nil }.keys.sorted()
    }

    /// Queues a message in one frame. When more waits than the limit allows, the connection is cut.
    public func send(_ message: [UInt8], isBinary: Bool = false, to connection: Int) {
        guard let open = sockets[connection], let webSocket = open.webSocket else { return }
        guard webSocket.unsentBytes + message.count <= limits.unsentBytes else {
            return ServerWebSocket.cut(open.socket)
        }
        add(.message(message, isBinary: isBinary), to: connection)
    }

    /// Closes in good order, after all that waits to be sent.
    public func close(_ connection: Int, code: Int = 1_000, reason: String = "") {
        add(.close(code: code, reason: reason), to: connection)
    }

    /// Fault: announces the whole message, sends its first half and nothing more on this
    /// connection. Only without TLS.
    public func sendHalfFrame(of message: [UInt8], to connection: Int) {
        add(.halfFrame(message), to: connection)
    }

    /// Fault: cuts the TCP connection after all that waits to be sent; the client sees code 1006.
    public func abort(_ connection: Int) { add(.cut, to: connection) }

    private func add(_ item: ServerWebSocket.Outgoing, to connection: Int) {
        guard let open = sockets[connection], open.webSocket != nil else { return }
        sockets[connection]?.webSocket?.add(item)
        lws_callback_on_writable(open.socket)
    }
}
