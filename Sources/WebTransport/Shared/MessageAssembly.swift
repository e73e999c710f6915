import CWebSockets

/// Joins what libwebsockets delivers in parts into whole messages.
struct MessageAssembly {
    enum Outcome {
        case more
        case whole([UInt8], isBinary: Bool)
        case tooLarge
    }

    private var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Takes the part that the callback RECEIVE of this socket has brought.
    mutating func take(
        _ part: UnsafeMutableRawPointer?, count: Int, of socket: OpaquePointer
    ) -> Outcome {
        let remaining = Int(clamping: lws_remaining_packet_payload(socket))
        guard bytes.count + count <= limit, remaining <= limit - bytes.count - count else {
            return .tooLarge
        }
        if bytes.isEmpty { bytes.reserveCapacity(count + remaining) }
        if let part, count > 0 {
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: part, count: count))
        }
        guard remaining == 0, lws_is_final_fragment(socket) != 0 else { return .more }
        defer { bytes = [] }
        return .whole(bytes, isBinary: lws_frame_is_binary(socket) != 0)
    }
}
