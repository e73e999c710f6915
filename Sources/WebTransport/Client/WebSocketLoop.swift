import CWebSockets
import CoreModels
import ServiceKit

/// The thread of a client: its connection, as libwebsockets tells of it.
///
/// Unchecked: made on one thread, then handed to the one that runs it.
final class WebSocketLoop: SocketCallbacks, @unchecked Sendable {
    /// The connection that the reader hears of. Others may still be saying goodbye.
    private struct Connection {
        let number: Int
        let startedAt: Int64
        var socket: OpaquePointer?
        var isOpen = false
        var assembly: MessageAssembly
        var unsent: [[UInt8]] = []
        /// What OpenSSL found wrong with the certificate.
        var verdict: CertificateVerdict?
    }

    let commands: WebSocketCommands
    private let address: WebAddress
    private let limits: WebSocketLimits
    private let events: WebSocketEventQueue
    private let context: SocketContext
    private let trust: TLSTrust?
    /// Host, `Host` field, path and application protocol.
    private let strings: CStrings
    private var connection: Connection?
    private var lastNumber = 0
    /// The newest connection, until its socket is gone.
    private var livingNumber: Int?
    private var isStopping = false

    /// For the goodbyes at the end.
    private static let farewellMilliseconds: Int64 = 300
    private static let receiveBytes = 64 << 10
    private static let userAgent = "claire-de-binare/" + BuildVersion.text

    init(
        address: WebAddress, limits: WebSocketLimits, trust: CertificateTrust,
        events: WebSocketEventQueue
    ) throws(WebTransportError) {
        self.address = address
        self.limits = limits
        self.events = events
        strings = CStrings([address.host, address.authority, address.path, "http/1.1"])
        let tls = address.isSecure ? try TLSTrust(trust) : nil
        self.trust = tls
        context = try SocketContext(
            receiveBytes: Self.receiveBytes, sendBytes: limits.messageBytes, descriptors: 32
        ) { info in
            info.port = Int32(CONTEXT_PORT_NO_LISTEN)
            info.options = UInt64(LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME)
            info.connect_timeout_secs = UInt32(limits.connectSeconds)
            info.timeout_secs = UInt32(limits.connectSeconds)
            info.ka_time = 30
            info.ka_probes = 3
            info.ka_interval = 10
            if let tls {
                info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
                info.provided_client_ssl_ctx = tls.context
            }
        }
        commands = WebSocketCommands(context: context, limit: limits.unsentMessages)
        context.lead(to: self)
    }

    /// Until a stop is asked for.
    func run() {
        while !isStopping { context.service(milliseconds: nil) }
        closeHere(code: 1_001, reason: "")
        let end = SystemClock.monotonicMilliseconds + Self.farewellMilliseconds
        while livingNumber != nil, SystemClock.monotonicMilliseconds < end {
            context.service(milliseconds: end - SystemClock.monotonicMilliseconds)
        }
        self.end()
    }

    /// Gives everything back.
    func end() {
        commands.end()
        context.destroy()
    }

    func happened(
        _ reason: lws_callback_reasons, on socket: OpaquePointer, user: UnsafeMutableRawPointer?,
        bytes: UnsafeMutableRawPointer?, count: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED: obey()
        case LWS_CALLBACK_WSI_DESTROY:
            if number(of: socket) == livingNumber { livingNumber = nil }
            // Some ends have no callback of their own, a late handshake for one.
            if isCurrent(socket) { lost() }
        case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: return addFields(bytes, count, socket)
        case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
            if count != 0 { return 0 }
            if isCurrent(socket) { note(verification: user) }
            return -1
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            if isCurrent(socket) { failed(text(bytes, count)) }
        case LWS_CALLBACK_CLIENT_ESTABLISHED:
            guard isCurrent(socket) else { return -1 }
            connection?.isOpen = true
            _ = events.add(.opened)
        case LWS_CALLBACK_CLIENT_RECEIVE: received(bytes, count, socket)
        case LWS_CALLBACK_CLIENT_WRITEABLE: return write(socket)
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            if isCurrent(socket) { closedThere(bytes, count) }
        case LWS_CALLBACK_CLIENT_CLOSED:
            if isCurrent(socket) { lost() }
        default: break
        }
        return 0
    }
}

// MARK: what is asked of us

extension WebSocketLoop {
    private func obey() {
        let (waiting, hasOverrun) = commands.takeAll()
        for command in waiting {
            switch command {
            case .connect: connect()
            case .send(let text): queue(text)
            case .close(let code, let reason): closeHere(code: code, reason: reason)
            case .stop: isStopping = true
            }
        }
        if hasOverrun, let socket = connection?.socket {
            closed(
                1_006,
                "\(address.authority) takes nothing: \(limits.unsentMessages) messages wait to be "
                    + "sent", .lost)
            SocketEnd.cut(socket)
        }
    }

    private func connect() {
        guard connection == nil else { return }
        lastNumber += 1
        connection = Connection(
            number: lastNumber, startedAt: SystemClock.monotonicMilliseconds,
            assembly: MessageAssembly(limit: limits.messageBytes))
        var info = lws_client_connect_info()
        info.context = context.pointer
        info.vhost = context.vhost
        info.address = strings[0]
        info.host = strings[1]
        info.path = strings[2]
        info.alpn = strings[3]
        info.port = Int32(address.port)
        info.ssl_connection = address.isSecure ? Int32(LCCSCF_USE_SSL.rawValue) : 0
        info.opaque_user_data = UnsafeMutableRawPointer(bitPattern: lastNumber)
        let socket = lws_client_connect_via_info(&info)
        // A failure within the call may have been told by its callback already.
        guard connection?.number == lastNumber else { return }
        connection?.socket = socket
        livingNumber = socket == nil ? nil : lastNumber
        if socket == nil { failed(NameService.knows(address.host) ? "" : "getaddrinfo") }
    }

    private func queue(_ text: [UInt8]) {
        guard let current = connection, current.isOpen, let socket = current.socket else {
            return commands.sent(1)
        }
        connection?.unsent.append(text)
        lws_callback_on_writable(socket)
    }

    private func closeHere(code: Int, reason: String) {
        guard let current = connection else { return }
        closed(code, "closed here" + (reason.isEmpty ? "" : ": \(reason)"), nil)
        guard let socket = current.socket else { return }
        if current.isOpen {
            SocketEnd.close(socket, code: code, reason: reason)
        } else {
            SocketEnd.cut(socket)
        }
    }
}

// MARK: what happens

extension WebSocketLoop {
    private func isCurrent(_ socket: OpaquePointer) -> Bool {
        guard let connection else { return false }
        return number(of: socket) == connection.number
    }

    private func number(of socket: OpaquePointer) -> Int {
        Int(bitPattern: lws_get_opaque_user_data(socket))
    }

    private func received(
        _ bytes: UnsafeMutableRawPointer?, _ count: Int, _ socket: OpaquePointer
    ) {
        guard isCurrent(socket),
            let outcome = connection?.assembly.take(bytes, count: count, of: socket)
        else { return }
        switch outcome {
        case .more: break
        case .whole(let message, let isBinary):
            let event = WebSocketClient.Event.message(
                bytes: message, isBinary: isBinary, receivedAt: SystemClock.now().milliseconds,
                monotonic: SystemClock.monotonicNanoseconds)
            if events.add(event) { return }
            let reason =
                "more than \(limits.waitingMessages) messages or \(limits.waitingBytes) bytes of "
                + "\(address.authority) wait for the reader"
            end(socket, 1_008, reason, .slowReader)
        case .tooLarge:
            let reason =
                "\(address.authority) sent a message above \(limits.messageBytes) bytes"
            end(socket, 1_009, reason, .tooLarge)
        }
    }

    /// A failure that is ours to tell the server.
    private func end(
        _ socket: OpaquePointer, _ code: Int, _ reason: String, _ failure: WebSocketFailure
    ) {
        closed(code, reason, failure)
        SocketEnd.close(socket, code: code, reason: failure.rawValue)
    }

    private func write(_ socket: OpaquePointer) -> Int32 {
        // Only those whose end was told already write without being the current one.
        guard isCurrent(socket) else { return -1 }
        guard let text = connection?.unsent.first else { return 0 }
        connection?.unsent.removeFirst()
        commands.sent(1)
        let isWritten = SocketWriting.write(text, as: LWS_WRITE_TEXT, to: socket)
        if connection?.unsent.isEmpty == false { lws_callback_on_writable(socket) }
        return isWritten ? 0 : -1
    }

    private func closedThere(_ bytes: UnsafeMutableRawPointer?, _ count: Int) {
        guard let bytes, count >= 2 else {
            return closed(1_005, "\(address.authority) closed without a reason", nil)
        }
        let frame = UnsafeRawBufferPointer(start: bytes, count: count)
        let code = Int(frame[0]) << 8 | Int(frame[1])
        let words = String(decoding: frame.dropFirst(2), as: UTF8.self)
        closed(
            code, "\(address.authority) closed" + (words.isEmpty ? "" : ": \(words)"), nil)
    }

    /// The one place where a connection ends for the reader.
    private func closed(_ code: Int, _ reason: String, _ failure: WebSocketFailure?) {
        commands.sent(connection?.unsent.count ?? 0)
        connection = nil
        _ = events.add(.closed(code: code, reason: reason, failure))
    }

    private func lost() {
        guard connection?.isOpen == true else { return failed("") }
        closed(1_006, "the connection to \(address.authority) broke", .lost)
    }

    private func failed(_ cause: String) {
        guard let current = connection else { return }
        let milliseconds = SystemClock.monotonicMilliseconds - current.startedAt
        let failure = ConnectFailure(
            cause: cause, verdict: current.verdict, milliseconds: milliseconds,
            limitSeconds: limits.connectSeconds)
        closed(1_006, failure.message(address), failure.kind)
    }

    private func addFields(
        _ place: UnsafeMutableRawPointer?, _ count: Int, _ socket: OpaquePointer
    ) -> Int32 {
        guard let place = place?.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self) else {
            return 0
        }
        let end = place.pointee.map { $0 + count }
        return Self.userAgent.withCString { text in
            lws_add_http_header_by_token(
                socket, WSI_TOKEN_HTTP_USER_AGENT, text, Int32(Self.userAgent.utf8.count), place,
                end)
        }
    }

    private func note(verification: UnsafeMutableRawPointer?) {
        guard let verification else { return }
        connection?.verdict = CertificateVerdict(
            code: X509_STORE_CTX_get_error(OpaquePointer(verification)))
    }

    private func text(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> String {
        guard let bytes, count > 0 else { return "" }
        return String(
            decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
