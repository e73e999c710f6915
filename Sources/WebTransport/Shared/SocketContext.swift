import CWebSockets

/// Who hears what happens to the connections of a context.
protocol SocketCallbacks: AnyObject {
    /// The meaning of `user`, `bytes`, `count` and of the result is that of libwebsockets: nonzero
    /// ends the connection.
    func happened(
        _ reason: lws_callback_reasons, on socket: OpaquePointer, user: UnsafeMutableRawPointer?,
        bytes: UnsafeMutableRawPointer?, count: Int
    ) -> Int32
}

/// One libwebsockets context: its sockets, timers and memory.
///
/// Unchecked: `wake` may be called from any thread while the context lives; all else belongs to
/// the one thread that calls `service`.
final class SocketContext: @unchecked Sendable {
    let pointer: OpaquePointer
    let vhost: OpaquePointer
    private let receiver: Receiver
    private let memory: Memory
    private let strings: CStrings
    private let alarm: UnsafeMutablePointer<lws_sorted_usec_list_t>

    /// What the callbacks are led through; nobody listens any more once the context ends.
    private final class Receiver {
        weak var callbacks: (any SocketCallbacks)?
    }

    /// What libwebsockets keeps pointers to.
    private final class Memory {
        private let name = CStrings(["cdb"])
        let protocols: UnsafeMutablePointer<lws_protocols>
        let idlePolicy: UnsafeMutablePointer<lws_retry_bo_t>

        init(receiveBytes: Int, sendBytes: Int) {
            protocols = .allocate(capacity: 2)
            protocols.initialize(
                to: lws_protocols(
                    name: name[0], callback: SocketContext.callback, per_session_data_size: 0,
                    rx_buffer_size: receiveBytes, id: 0, user: nil, tx_packet_size: sendBytes))
            (protocols + 1).initialize(to: lws_protocols())
            // All zero: no pings of the library's own, no hanging up on silence.
            idlePolicy = .allocate(capacity: 1)
            idlePolicy.initialize(to: lws_retry_bo_t())
        }

        deinit {
            protocols.deallocate()
            idlePolicy.deallocate()
        }
    }

    /// `configure` fills in what differs; the texts that it sets are `strings`.
    init(
        receiveBytes: Int, sendBytes: Int, descriptors: UInt32, strings: CStrings = CStrings([]),
        configure: (inout lws_context_creation_info) -> Void
    ) throws(WebTransportError) {
        Self.silence
        receiver = Receiver()
        self.strings = strings
        memory = Memory(receiveBytes: receiveBytes, sendBytes: sendBytes)
        var info = lws_context_creation_info()
        info.gid = -1
        info.uid = -1
        info.protocols = UnsafePointer(memory.protocols)
        info.retry_and_idle_policy = UnsafePointer(memory.idlePolicy)
        info.pt_serv_buf_size = UInt32(receiveBytes)
        info.fd_limit_per_thread = descriptors
        info.user = Unmanaged.passUnretained(receiver).toOpaque()
        configure(&info)
        let vhostOptions = info.options
        if vhostOptions & Self.tls != 0 { Self.tlsBegins }
        info.options = vhostOptions & ~Self.tls | UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
        guard let pointer = lws_create_context(&info) else { throw Self.cannotBegin }
        info.options = vhostOptions
        guard let vhost = lws_create_vhost(pointer, &info) else {
            lws_context_destroy(pointer)
            throw Self.cannotBegin
        }
        self.pointer = pointer
        self.vhost = vhost
        alarm = .allocate(capacity: 1)
        alarm.initialize(to: lws_sorted_usec_list_t())
    }

    /// From here on `callbacks` hears everything.
    func lead(to callbacks: any SocketCallbacks) { receiver.callbacks = callbacks }

    /// Waits until something has happened, someone rings or `milliseconds` have passed (nil: for
    /// ever), and makes the callbacks of what happened.
    func service(milliseconds: Int64?) {
        if let milliseconds {
            // The library rounds waits down to milliseconds; the rest keeps it from spinning.
            lws_sul_schedule(pointer, 0, alarm, { _ in }, max(0, milliseconds) * 1_000 + 900)
        }
        lws_service(pointer, 0)
    }

    /// Ends a wait in `service` and makes the callback EVENT_WAIT_CANCELLED.
    func wake() { lws_cancel_service(pointer) }

    /// Ends everything. The context must not be used after this.
    func destroy() {
        receiver.callbacks = nil
        lws_sul_schedule(pointer, 0, alarm, nil, -1)
        lws_context_destroy(pointer)
        alarm.deallocate()
    }

    private static let tls = UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
    private static let cannotBegin = WebTransportError.library(
        "libwebsockets cannot begin: out of memory or file descriptors, or a certificate file is "
            + "damaged")

    /// The library's beginning of TLS gives all its contexts a new mark by which they find their
    /// connections: a second one would break handshakes that run. So it is done once, by a context
    /// that stays and does nothing else.
    private static let tlsBegins: Void = {
        var info = lws_context_creation_info()
        info.port = Int32(CONTEXT_PORT_NO_LISTEN)
        info.fd_limit_per_thread = 8
        info.options = tls | UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
        let context = lws_create_context(&info)
        precondition(context != nil, "libwebsockets begins TLS")
    }()

    /// The library would write to standard error; what matters comes as reasons of events.
    private static let silence: Void = lws_set_log_level(0, nil)

    private static let callback:
        @convention(c) (
            OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?,
            UnsafeMutableRawPointer?, Int
        ) -> Int32 = { socket, reason, user, bytes, count in
            guard let socket, let context = lws_get_context(socket),
                let opaque = lws_context_user(context)
            else { return 0 }
            let receiver = Unmanaged<Receiver>.fromOpaque(opaque).takeUnretainedValue()
            return receiver.callbacks?.happened(
                reason, on: socket, user: user, bytes: bytes, count: count) ?? 0
        }
}
