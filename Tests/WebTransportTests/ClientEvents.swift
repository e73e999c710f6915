import ServiceKit
import WebTransport

extension WebSocketClient {
    /// The next event, waited for. Nil when nothing comes.
    func next(milliseconds: Int64 = 30_000) -> Event? {
        let readiness = Poller.wait(for: fileDescriptor, .readable, milliseconds: milliseconds)
        return readiness.isEmpty ? nil : takeEvents(limit: 1).first
    }

    /// The next message's bytes and kind.
    func nextMessage() -> (bytes: [UInt8], isBinary: Bool)? {
        guard case .message(let bytes, let isBinary, _, _) = next() else { return nil }
        return (bytes, isBinary)
    }

    /// The next `closed`, whatever comes before it.
    func end() -> (code: Int, reason: String, failure: WebSocketFailure?)? {
        while let event = next() {
            if case .closed(let code, let reason, let failure) = event {
                return (code, reason, failure)
            }
        }
        return nil
    }

    static func local(
        _ port: UInt16, path: String = "/edge", limits: WebSocketLimits = .init()
    ) throws -> WebSocketClient {
        try WebSocketClient(url: "ws://127.0.0.1:\(port)\(path)", limits: limits)
    }

    /// Connected already.
    static func open(_ port: UInt16, limits: WebSocketLimits = .init()) throws -> WebSocketClient {
        let client = try local(port, limits: limits)
        client.connect()
        guard client.next() == .opened else { throw NotOpened() }
        return client
    }
}

struct NotOpened: Error {}

extension RESTClient {
    /// The reply to one question, waited for.
    func reply(to path: String) -> Result<RESTAnswer, RESTError>? {
        let id = get(path)
        while !Poller.wait(for: fileDescriptor, .readable, milliseconds: 30_000).isEmpty {
            if let reply = takeReplies().first(where: { $0.id == id }) { return reply.result }
        }
        return nil
    }
}

extension Result {
    var failure: Failure? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }
}
