import CWebSockets
import Glibc
import ServiceKit
public import WireFormats

/// One port that speaks HTTP and WebSocket, for the simulated exchange and for tests.
///
/// Everything happens on the one thread that calls `service`: no thread, no lock, no queue of its
/// own. It sends no pings by itself. Its faults are the point: frames that break off, connections
/// that are cut, a port that refuses.
public final class WebSocketServer {
    /// The port in fact listened on.
    public let port: UInt16
    public weak var handler: (any WebSocketServerHandler)?

    let limits: WebSocketServerLimits
    let paths: [String]
    let context: SocketContext
    var sockets: [Int: ServerSocket] = [:]
    /// Requests without an answer yet: their number and their socket.
    var unanswered: [Int: Int] = [:]
    var lastSocket = 0
    var lastRequest = 0
    /// Nil while connections are refused. The library owns the descriptor and closes it as soon as
    /// it listens no more: from then on the number may be anybody's.
    private var listener: ListeningSocket?
    private let host: String
    private var isStopped = false

    private static let receiveBytes = 16 << 10
    private static let sendBytes = 1 << 20
    /// Late answers may take this long, and idle clients may stay as long.
    private static let patienceSeconds = 300

    /// Begins to listen on an IPv4 address of this machine. `port` 0 takes any free one.
    /// WebSockets are opened on `webSocketPaths`, all else goes to the handler as a request.
    public init(
        host: String = "127.0.0.1", port: UInt16 = 0, webSocketPaths: [String],
        limits: WebSocketServerLimits = .init(), certificate: ServerCertificate? = nil
    ) throws(WebTransportError) {
        let listener = try ListeningSocket(host: host, port: port)
        self.host = host
        self.listener = listener
        self.port = listener.port
        self.limits = limits
        paths = webSocketPaths
        do {
            context = try Self.makeContext(limits, certificate)
        } catch {
            Glibc.close(listener.fileDescriptor)
            throw error
        }
        context.lead(to: self)
        try watch(listener)
    }

    deinit { stop() }

    /// Waits until something happens, at most so many milliseconds, and makes the handler's calls.
    public func service(milliseconds: Int64) {
        precondition(!isStopped, "a stopped server serves no more")
        context.service(milliseconds: milliseconds)
    }

    /// Ends all connections and frees the port.
    public func stop() {
        guard !isStopped else { return }
        isStopped = true
        context.destroy()
    }

    /// From here on nobody is let in: the system refuses connections. Open ones stay.
    public func refuseConnections() {
        listener?.refuse()
        listener = nil
    }

    /// Lets clients in again. Throws when somebody else took the port meanwhile.
    public func acceptConnections() throws(WebTransportError) {
        guard listener == nil else { return }
        let listener = try ListeningSocket(host: host, port: port)
        self.listener = listener
        try watch(listener)
    }

    /// Answers a request that the handler left open; nothing happens when its client has gone.
    public func answer(_ response: HTTPResponse, to number: Int) {
        guard let socket = unanswered.removeValue(forKey: number) else { return }
        sockets[socket]?.answer(response)
    }

    private func watch(_ listener: ListeningSocket) throws(WebTransportError) {
        let descriptor = lws_sock_file_fd_type(filefd: listener.fileDescriptor)
        let socket = lws_adopt_descriptor_vhost(
            context.vhost, LWS_ADOPT_RAW_FILE_DESC, descriptor, nil, nil)
        if socket == nil {
            throw .library("libwebsockets does not take the listening socket: out of memory")
        }
    }

    func acceptClients() {
        while let client = listener?.accept() {
            if sockets.count < limits.sockets {
                lws_adopt_socket_vhost(context.vhost, client)
            } else {
                Glibc.close(client)
            }
        }
    }

    private static func makeContext(
        _ limits: WebSocketServerLimits, _ certificate: ServerCertificate?
    ) throws(WebTransportError) -> SocketContext {
        let strings = CStrings([certificate?.chainFile, certificate?.keyFile, "http/1.1"])
        // The listener, the library's own and a few to turn away.
        let descriptors = UInt32(limits.sockets + 64)
        return try SocketContext(
            receiveBytes: receiveBytes, sendBytes: sendBytes, descriptors: descriptors,
            strings: strings
        ) { info in
            info.port = Int32(CONTEXT_PORT_NO_LISTEN_SERVER)
            info.options =
                UInt64(LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME)
                | UInt64(LWS_SERVER_OPTION_DISABLE_IPV6)
            info.keepalive_timeout = Int32(patienceSeconds)
            info.timeout_secs = UInt32(patienceSeconds)
            info.timeout_secs_ah_idle = UInt32(patienceSeconds)
            if certificate != nil {
                info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
                info.ssl_cert_filepath = strings[0]
                info.ssl_private_key_filepath = strings[1]
                info.alpn = strings[2]
            }
        }
    }
}
