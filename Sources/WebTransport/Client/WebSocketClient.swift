import ServiceKit

/// One WebSocket connection at a time, on a thread of its own.
///
/// What happens arrives as events behind a file descriptor that a loop can poll. Certificate and
/// host name are checked on `wss://`; no compression is offered, no proxy used; the server's pings
/// are answered, none are sent. When to come back after `closed` is the caller's decision.
public final class WebSocketClient: Sendable {
    private let commands: WebSocketCommands
    private let events: WebSocketEventQueue
    private let thread: EndingThread

    /// Makes the thread; `connect` begins. Throws when the URL is none of `ws://` and `wss://`,
    /// the authorities cannot be read, or the system has no more threads or descriptors.
    public init(
        url: String, limits: WebSocketLimits = .init(), trust: CertificateTrust = .system
    ) throws(WebTransportError) {
        guard let address = WebAddress(url, plain: "ws", secure: "wss") else {
            throw .badURL(url, expected: "wss://contract.mexc.com/edge or ws://127.0.0.1:8700/edge")
        }
        do {
            events = try WebSocketEventQueue(limits: limits)
        } catch {
            throw .system(error)
        }
        let loop = try WebSocketLoop(
            address: address, limits: limits, trust: trust, events: events)
        commands = loop.commands
        do {
            thread = try EndingThread("websocket") { loop.run() }
        } catch {
            loop.end()
            throw error
        }
    }

    deinit { stop() }

    /// Readable while events wait.
    public var fileDescriptor: Int32 { events.fileDescriptor }

    /// At most `limit` events, in the order they happened. When more waits than the limits allow,
    /// the connection is closed with `slowReader`: nothing is lost in silence.
    public func takeEvents(limit: Int = 1_024) -> [Event] { events.take(limit: limit) }

    /// One attempt, which ends in `closed` sooner or later. While a connection lives, this does
    /// nothing.
    public func connect() { commands.post(.connect) }

    /// Queues a text message. What is sent while no connection is open is dropped.
    public func send(_ text: [UInt8]) { commands.post(.send(text)) }

    /// Ends the connection, with what waits to be sent; `closed` follows at once. `reason` holds at
    /// most 123 bytes.
    public func close(code: Int = 1_000, reason: String = "") {
        commands.post(.close(code: code, reason: reason))
    }

    /// Ends connection and thread, within two seconds; an open connection's `closed` is the last
    /// event.
    public func stop() {
        commands.post(.stop)
        thread.join()
    }
}
