import Glibc
import ServiceKit

/// A listening socket.
struct ListeningSocket {
    let fileDescriptor: Int32
    /// The port in fact listened on, also when 0 was asked for.
    let port: UInt16

    private static let backlog: Int32 = 512

    /// - Parameter host: an IPv4 address of this machine.
    init(host: String, port: UInt16) throws(WebTransportError) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw .library("\(host) is no IPv4 address to listen on, such as 127.0.0.1 or 0.0.0.0")
        }
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
            0)
        guard descriptor >= 0 else { throw .system(SystemError("open a socket")) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let status = Self.withBytes(of: &address) { bytes, length in
            var length = length
            guard bind(descriptor, bytes, length) == 0, listen(descriptor, Self.backlog) == 0
            else { return Int32(-1) }
            return getsockname(descriptor, bytes, &length)
        }
        guard status == 0 else {
            let code = errno
            close(descriptor)
            if code == EADDRINUSE { throw .portInUse(port) }
            throw .system(SystemError("listen on \(host) port \(port)", code: code))
        }
        fileDescriptor = descriptor
        self.port = UInt16(bigEndian: address.sin_port)
    }

    /// The next client's socket; nil when none waits.
    func accept() -> Int32? {
        let socket = Glibc.accept(fileDescriptor, nil, nil)
        guard socket >= 0 else { return nil }
        FileDescriptor.makeNonBlocking(socket)
        FileDescriptor.closeOnExec(socket)
        // A push must not wait for the acknowledgement of the one before it.
        var yes: Int32 = 1
        setsockopt(
            socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    /// Nobody is let in any more: connections are refused by the system.
    func refuse() { shutdown(fileDescriptor, Int32(SHUT_RD)) }

    private static func withBytes(
        of address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
