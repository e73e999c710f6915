import CWebSockets
import WireFormats

extension WebSocketServer: SocketCallbacks {
    func happened(
        _ reason: lws_callback_reasons, on socket: OpaquePointer, user: UnsafeMutableRawPointer?,
        bytes: UnsafeMutableRawPointer?, count: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_RAW_RX_FILE: acceptClients()
        case LWS_CALLBACK_HTTP: return asked(on: socket)
        case LWS_CALLBACK_HTTP_BODY:
            guard let bytes else { return 0 }
            let part = UnsafeRawBufferPointer(start: bytes, count: count)
            sockets[number(of: socket)]?.asking?.body.append(contentsOf: part)
        case LWS_CALLBACK_HTTP_BODY_COMPLETION: handOver(number(of: socket))
        case LWS_CALLBACK_HTTP_WRITEABLE:
            return sockets[number(of: socket)]?.writeAnswer() ?? -1
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return upgrade(socket)
        case LWS_CALLBACK_ESTABLISHED:
            let number = number(of: socket)
            handler?.opened(number, path: sockets[number]?.webSocket?.path ?? "")
        case LWS_CALLBACK_RECEIVE: received(bytes, count, on: socket)
        case LWS_CALLBACK_SERVER_WRITEABLE:
            return sockets[number(of: socket)]?.webSocket?.write(to: socket) ?? -1
        case LWS_CALLBACK_CLOSED:
            let number = number(of: socket)
            if sockets.removeValue(forKey: number) != nil { handler?.closed(number) }
        case LWS_CALLBACK_WSI_DESTROY: forget(socket)
        default: break
        }
        return 0
    }

    /// Sockets are numbered when they are first heard of.
    private func number(of socket: OpaquePointer) -> Int {
        let known = Int(bitPattern: lws_get_opaque_user_data(socket))
        if known != 0 { return known }
        lastSocket += 1
        lws_set_opaque_user_data(socket, UnsafeMutableRawPointer(bitPattern: lastSocket))
        sockets[lastSocket] = ServerSocket(socket)
        return lastSocket
    }

    private func forget(_ socket: OpaquePointer) {
        let number = Int(bitPattern: lws_get_opaque_user_data(socket))
        guard let gone = sockets.removeValue(forKey: number), let request = gone.asked else {
            return
        }
        unanswered[request] = nil
    }

    // MARK: HTTP

    private func asked(on socket: OpaquePointer) -> Int32 {
        let number = number(of: socket)
        guard let request = RequestHead.read(from: socket) else { return -1 }
        let length = request.field("content-length").flatMap { Int($0) } ?? 0
        guard length <= limits.receivedBytes else {
            lws_return_http_status(
                socket, UInt32(HTTPStatus.contentTooLarge.rawValue),
                "bodies hold at most \(limits.receivedBytes) bytes")
            return -1
        }
        sockets[number]?.asking = request
        if length == 0 { handOver(number) }
        return 0
    }

    private func handOver(_ number: Int) {
        guard let request = sockets[number]?.asking else { return }
        lastRequest += 1
        let asked = lastRequest
        sockets[number]?.asking = nil
        sockets[number]?.asked = asked
        sockets[number]?.wantsBody = request.method != "HEAD"
        unanswered[asked] = number
        if let handler {
            if let response = handler.answer(request, number: asked) { answer(response, to: asked) }
        } else {
            answer(.problem(.serviceUnavailable, "nobody answers here yet"), to: asked)
        }
    }

    // MARK: WebSocket

    private func upgrade(_ socket: OpaquePointer) -> Int32 {
        guard let path = RequestHead.read(from: socket)?.path, paths.contains(path) else {
            return lws_return_http_status(socket, UInt32(HTTPStatus.notFound.rawValue), nil) == 0
                ? 1 : -1
        }
        sockets[number(of: socket)]?.webSocket = ServerWebSocket(
            path: path, receivedBytes: limits.receivedBytes)
        return 0
    }

    private func received(
        _ bytes: UnsafeMutableRawPointer?, _ count: Int, on socket: OpaquePointer
    ) {
        let number = number(of: socket)
        guard let webSocket = sockets[number]?.webSocket, !webSocket.isDeaf else { return }
        switch webSocket.assembly.take(bytes, count: count, of: socket) {
        case .more: break
        case .whole(let message, let isBinary):
            handler?.received(message, isBinary: isBinary, from: number)
        case .tooLarge:
            webSocket.isDeaf = true
            close(
                number, code: 1_009, reason: "messages hold at most \(limits.receivedBytes) bytes")
        }
    }
}
