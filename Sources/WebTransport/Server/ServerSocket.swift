import CWebSockets
import Glibc
import WireFormats

/// One client's connection: HTTP at first, perhaps a WebSocket later. A class, because the library
/// may call back while it is used.
final class ServerSocket {
    let socket: OpaquePointer
    /// The request whose body still comes.
    var asking: HTTPRequest?
    /// The number of the request that waits for the handler's answer.
    var asked: Int?
    /// HEAD wants no body.
    var wantsBody = true
    private var answering: Answering?
    var webSocket: ServerWebSocket?

    private struct Answering {
        let response: HTTPResponse
        var isHeadSent = false
        var sent = 0
    }

    /// How many bytes of an answer go out at a time.
    private static let chunkBytes = 64 << 10
    private static let headBytes = 4_096

    init(_ socket: OpaquePointer) { self.socket = socket }

    func answer(_ response: HTTPResponse) {
        asked = nil
        answering = Answering(response: response)
        lws_callback_on_writable(socket)
    }

    /// Writes the next part of the answer; nonzero ends the connection.
    func writeAnswer() -> Int32 {
        guard let current = answering else { return 0 }
        let body = current.response.body
        guard current.isHeadSent else {
            answering?.isHeadSent = true
            guard writeHead(current.response) else { return -1 }
            if body.isEmpty || !wantsBody { return completed() }
            lws_callback_on_writable(socket)
            return 0
        }
        let end = min(body.count, current.sent + Self.chunkBytes)
        let isLast = end == body.count
        guard
            SocketWriting.write(
                body[current.sent..<end], as: isLast ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP,
                to: socket)
        else { return -1 }
        if isLast { return completed() }
        answering?.sent = end
        lws_callback_on_writable(socket)
        return 0
    }

    private func completed() -> Int32 {
        answering = nil
        wantsBody = true
        return lws_http_transaction_completed(socket) == 0 ? 0 : -1
    }

    private func writeHead(_ response: HTTPResponse) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.headBytes) { buffer in
            guard let base = buffer.baseAddress else { return false }
            let start = base + SocketWriting.room
            let end = base + buffer.count
            var place: UnsafeMutablePointer<UInt8>? = start
            guard
                lws_add_http_common_headers(
                    socket, UInt32(response.status.rawValue), response.contentType,
                    UInt64(response.body.count), &place, end) == 0
            else { return false }
            for field in response.fields {
                let value = field.value
                guard
                    lws_add_http_header_by_name(
                        socket, field.name + ":", value, Int32(value.utf8.count), &place, end) == 0
                else { return false }
            }
            return lws_finalize_write_http_header(socket, start, &place, end) == 0
        }
    }
}
