import CWebSockets
import Glibc

/// What a WebSocket of the server still has to say and what it has heard in part.
final class ServerWebSocket {
    enum Outgoing {
        case message([UInt8], isBinary: Bool)
        case halfFrame([UInt8])
        case close(code: Int, reason: String)
        case cut
    }

    let path: String
    var assembly: MessageAssembly
    /// What still comes after a message above the limit is not heard.
    var isDeaf = false
    private(set) var unsentBytes = 0
    private var outgoing: [Outgoing] = []
    /// After half a frame anything more would be taken for its other half.
    private var isMuted = false

    /// How many messages go out in one turn.
    private static let burst = 64

    init(path: String, receivedBytes: Int) {
        self.path = path
        assembly = MessageAssembly(limit: receivedBytes)
    }

    func add(_ item: Outgoing) {
        if isMuted {
            switch item {
            case .message, .halfFrame: return
            case .close, .cut: outgoing.append(.cut)
            }
            return
        }
        switch item {
        case .message(let bytes, _): unsentBytes += bytes.count
        case .halfFrame: isMuted = true
        case .close, .cut: break
        }
        outgoing.append(item)
    }

    /// Writes what the socket takes; nonzero ends the connection.
    func write(to socket: OpaquePointer) -> Int32 {
        for _ in 0..<Self.burst {
            guard !outgoing.isEmpty else { return 0 }
            switch outgoing.removeFirst() {
            case .message(let bytes, let isBinary):
                unsentBytes -= bytes.count
                let kind = isBinary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT
                guard SocketWriting.write(bytes, as: kind, to: socket) else { return -1 }
            case .halfFrame(let bytes): Self.sendHalf(bytes, to: socket)
            case .close(let code, let reason):
                SocketEnd.announce(socket, code: code, reason: reason)
                return -1
            case .cut:
                Self.cut(socket)
                return 0
            }
            if lws_send_pipe_choked(socket) != 0 { break }
        }
        if !outgoing.isEmpty { lws_callback_on_writable(socket) }
        return 0
    }

    /// The end of the stream, without a word. The library notices it as it would a client's.
    static func cut(_ socket: OpaquePointer) {
        shutdown(lws_get_socket_fd(socket), Int32(SHUT_RDWR))
    }

    /// A frame of text whose head announces all bytes and that carries only the first half. It goes
    /// past the library, which writes whole frames only.
    private static func sendHalf(_ message: [UInt8], to socket: OpaquePointer) {
        var frame: [UInt8] = [0x81]
        switch message.count {
        case 0..<126: frame.append(UInt8(message.count))
        case 126..<65_536: frame += [126, UInt8(message.count >> 8), UInt8(message.count & 0xff)]
        default:
            frame.append(127)
            for shift in stride(from: 56, through: 0, by: -8) {
                frame.append(UInt8(truncatingIfNeeded: message.count >> shift))
            }
        }
        frame += message.prefix(message.count / 2)
        // What the system does not take is missing: that is what this is for.
        _ = send(lws_get_socket_fd(socket), frame, frame.count, Int32(MSG_NOSIGNAL))
    }
}
