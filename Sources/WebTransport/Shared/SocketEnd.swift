import CWebSockets

/// Ends of a connection that may be asked for at any time on the thread of its context.
enum SocketEnd {
    /// What a close frame holds beside its code (RFC 6455 section 5.5).
    private static let reasonBytes = 123
    /// How long a socket that takes nothing may put off its end.
    private static let patienceSeconds: Int32 = 2

    /// With a close frame: the callback WRITEABLE, which follows, must ask for the end. Neither a
    /// time limit nor the callback of a receipt would do: after the first the library sends no
    /// frame, and after the second it (4.1.6) goes on filling a buffer that is full.
    static func close(_ socket: OpaquePointer, code: Int, reason: String) {
        announce(socket, code: code, reason: reason)
        lws_callback_on_writable(socket)
        lws_set_timeout(socket, PENDING_TIMEOUT_USER_OK, patienceSeconds)
    }

    /// Without a word, as soon as the library comes to it.
    static func cut(_ socket: OpaquePointer) {
        lws_set_timeout(socket, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC)
    }

    /// What the close frame will say once the connection ends.
    static func announce(_ socket: OpaquePointer, code: Int, reason: String) {
        var text = Array(reason.utf8.prefix(reasonBytes))
        lws_close_reason(socket, lws_close_status(UInt32(code)), &text, text.count)
    }
}
