import Glibc
import PrivateServers

/// A listening socket on 127.0.0.1 whose queue is full, so that further SYN packets vanish.
final class DeafListener {
    let port: Int
    private var descriptors: [Int32] = []

    init() throws {
        let listener = try listeningSocket(backlog: 0)
        descriptors.append(listener.descriptor)
        port = listener.port
        // A queue of 0 holds one; the others are in flight and keep it full.
        for _ in 0..<4 {
            let client = socket(
                AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            descriptors.append(client)
            _ = withLoopbackAddress(UInt16(port)) { connect(client, $0, $1) }
        }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}

/// A listening socket whose connections get a fixed text, or nothing.
final class MuteListener {
    let port: Int
    private let text: String
    private var descriptors: [Int32] = []

    init(says text: String = "") throws {
        let listener = try listeningSocket(backlog: 16)
        descriptors.append(listener.descriptor)
        port = listener.port
        self.text = text
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// Accepts who is waiting, if anybody is, and says the text.
    func accept() {
        var entry = pollfd(fd: descriptors[0], events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) == 1 else { return }
        let client = Glibc.accept(descriptors[0], nil, nil)
        descriptors.append(client)
        _ = send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    }
}

private func listeningSocket(backlog: Int32) throws -> (descriptor: Int32, port: Int) {
    let port = try LoopbackPort.free()
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let isListening = withLoopbackAddress(port) {
        bind(descriptor, $0, $1) == 0 && listen(descriptor, backlog) == 0
    }
    guard isListening else { throw PrivateServerError.portTaken(port: port, server: "a test") }
    return (descriptor, Int(port))
}

private func withLoopbackAddress<Result>(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
