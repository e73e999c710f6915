public import Glibc
import Synchronization

/// TCP ports of 127.0.0.1.
public enum LoopbackPort {
    /// Below the range that Linux hands out to outgoing connections, so that a server which is
    /// stopped for a while finds its port free again; above that of `cdb up`.
    private static let searched: ClosedRange<UInt16> = 27_100...31_999

    /// The next one to try: a port may be asked for long before it is taken, so that each is given
    /// once.
    private static let next = Atomic(UInt32.random(in: 0..<UInt32(searched.count)))

    /// A port that nobody listens on now.
    public static func free() throws(PrivateServerError) -> UInt16 {
        for _ in searched {
            let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
            let port = searched.lowerBound + UInt16(place % UInt32(searched.count))
            if isFree(port) { return port }
        }
        throw .noFreePort
    }

    /// The port that was asked for, or a free one.
    static func chosen(_ port: UInt16?) throws(PrivateServerError) -> UInt16 {
        if let port { return port }
        return try free()
    }

    /// Whether a server could bind the port now. Connections of an earlier server that linger do
    /// not count, as they do not for the servers themselves.
    public static func isFree(_ port: UInt16) -> Bool { Held(port) != nil }

    /// A port that is kept from others as long as this is there.
    public final class Held {
        private let descriptor: Int32

        /// Nil when somebody has it.
        public init?(_ port: UInt16) {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
            guard descriptor >= 0 else { return nil }
            var on: Int32 = 1
            setsockopt(
                descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            let isBound = withAddress(port) { [descriptor] in
                bind(descriptor, $0, $1) == 0 && listen(descriptor, 1) == 0
            }
            guard isBound else { return nil }
        }

        deinit { if descriptor >= 0 { close(descriptor) } }
    }

    /// Lends the address as the socket functions take it.
    public static func withAddress<Result>(
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
}
