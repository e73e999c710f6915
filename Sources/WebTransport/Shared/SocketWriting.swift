import CWebSockets

/// Bytes into a socket of libwebsockets.
enum SocketWriting {
    /// What the library wants free before the bytes.
    static let room = Int(cdb_lws_pre)

    /// False when the connection is broken. What the system does not take at once the library
    /// keeps and sends before the socket is called writeable again.
    static func write(
        _ bytes: some Collection<UInt8>, as kind: lws_write_protocol, to socket: OpaquePointer
    ) -> Bool {
        withUnsafeTemporaryAllocation(
            of: UInt8.self, capacity: room + bytes.count
        ) { buffer in
            let payload = UnsafeMutableBufferPointer(rebasing: buffer[room...])
            _ = payload.initialize(from: bytes)
            guard let start = payload.baseAddress else { return true }
            return lws_write(socket, start, bytes.count, kind) >= bytes.count
        }
    }
}
