import Glibc

/// The HTTP server could not begin to listen.
public enum HTTPServerError: Error, Equatable, Sendable, CustomStringConvertible {
    case badAddress(String)
    case addressInUse(address: String, port: UInt16)
    case system(SystemError)

    public var description: String {
        switch self {
        case .badAddress(let address):
            "\(address) is no address to listen on: set CDB_BIND to an address of this machine, "
                + "such as 127.0.0.1 or 0.0.0.0"
        case .addressInUse(let address, let port):
            "port \(port) on \(address) is in use: stop the program that holds it "
                + "(`ss -ltnp 'sport = :\(port)'` names it) or choose another port"
        case .system(let error): error.description
        }
    }
}

/// A listening socket.
struct HTTPListener {
    let fileDescriptor: Int32
    /// The port in fact listened on, also when 0 was asked for.
    let port: UInt16

    private static let backlog: Int32 = 1_024
    /// What the kernel holds of a connection in each direction; it counts as the service's memory.
    private static let kernelBytes: Int32 = 65_536

    init(address: String, port: UInt16) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, String(port), &hints, &found) == 0, let found else {
            throw .badAddress(address)
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { throw .system(SystemError("open a socket")) }
        do {
            try Self.listen(descriptor, on: found.pointee, address: address, port: port)
            self.port = try Self.port(of: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        fileDescriptor = descriptor
    }

    private static func listen(
        _ descriptor: Int32, on target: addrinfo, address: String, port: UInt16
    ) throws(HTTPServerError) {
        FileDescriptor.makeNonBlocking(descriptor)
        FileDescriptor.closeOnExec(descriptor)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        var bytes = kernelBytes  // Connections inherit it.
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, size)
        guard bind(descriptor, target.ai_addr, target.ai_addrlen) == 0 else {
            switch errno {
            case EADDRINUSE: throw .addressInUse(address: address, port: port)
            case EADDRNOTAVAIL: throw .badAddress(address)
            default: throw .system(SystemError("bind to \(address) port \(port)"))
            }
        }
        guard Glibc.listen(descriptor, backlog) == 0 else {
            // Another socket may have begun to listen between our bind and now.
            if errno == EADDRINUSE { throw .addressInUse(address: address, port: port) }
            throw .system(SystemError("listen on \(address) port \(port)"))
        }
    }

    private static func port(of descriptor: Int32) throws(HTTPServerError) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        guard status == 0 else { throw .system(SystemError("read the port of a socket")) }
        // The port stands at the same place in the addresses of IPv4 and IPv6.
        return withUnsafeBytes(of: &storage) {
            UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))
        }
    }
}
