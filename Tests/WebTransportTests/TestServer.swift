import Glibc
import ServiceKit
import TestKit
import WebTransport
import WireFormats

/// A `WebSocketServer` on a thread of its own that writes down what it hears and does what tests
/// ask of it.
final class TestServer: Sendable {
    /// What was heard.
    enum Record: Equatable, Sendable {
        case opened(Int, path: String)
        case received(Int, [UInt8], isBinary: Bool)
        case closed(Int)
        case asked(HTTPRequest, number: Int)
    }

    typealias Work = @Sendable (WebSocketServer) -> Void
    typealias Answer = @Sendable (HTTPRequest, Int) -> HTTPResponse?

    let port: UInt16
    private let shared: Shared

    private final class Shared: Sendable {
        let works = Monitor<[Work]>([])
        let records = Monitor<[Record]>([])
        let stop = Monitor(false)
        let ended = Monitor(false)
    }

    private final class Handler: WebSocketServerHandler {
        let shared: Shared
        let answer: Answer
        let echoes: Bool
        weak var server: WebSocketServer?

        init(shared: Shared, echoes: Bool, answer: @escaping Answer) {
            self.shared = shared
            self.echoes = echoes
            self.answer = answer
        }

        func answer(_ request: HTTPRequest, number: Int) -> HTTPResponse? {
            shared.records.update { $0.append(.asked(request, number: number)) }
            return answer(request, number)
        }

        func opened(_ connection: Int, path: String) {
            shared.records.update { $0.append(.opened(connection, path: path)) }
        }

        func received(_ message: [UInt8], isBinary: Bool, from connection: Int) {
            if echoes {
                server?.send(message, isBinary: isBinary, to: connection)
            } else {
                shared.records.update {
                    $0.append(.received(connection, message, isBinary: isBinary))
                }
            }
        }

        func closed(_ connection: Int) {
            shared.records.update { $0.append(.closed(connection)) }
        }
    }

    /// With `echoes`, messages are sent back instead of written down.
    init(
        port: UInt16 = 0, echoes: Bool = false, limits: WebSocketServerLimits = .init(),
        certificate: ServerCertificate? = nil,
        answer: @escaping Answer = { request, _ in .text(Array(request.path.utf8)) }
    ) throws {
        let shared = Shared()
        self.shared = shared
        let started = Monitor<Result<UInt16, WebTransportError>?>(nil)
        _ = try ServiceThread("test server") {
            do throws(WebTransportError) {
                let server = try WebSocketServer(
                    port: port, webSocketPaths: ["/edge", "/ws"], limits: limits,
                    certificate: certificate)
                let handler = Handler(shared: shared, echoes: echoes, answer: answer)
                server.handler = handler
                handler.server = server
                started.update { $0 = .success(server.port) }
                while !shared.stop.update({ $0 }) {
                    server.service(milliseconds: 2)
                    let works = shared.works.update { works in
                        defer { works = [] }
                        return works
                    }
                    for work in works { work(server) }
                }
                server.stop()
            } catch {
                started.update { $0 = .failure(error) }
            }
            shared.ended.update { $0 = true }
        }
        let result = started.wait(milliseconds: nil) { $0 }
        self.port = try result?.get() ?? 0
    }

    deinit { stop() }

    func stop() {
        shared.stop.update { $0 = true }
        _ = shared.ended.wait(milliseconds: 20_000) { $0 ? true : nil }
    }

    var records: [Record] { shared.records.update { $0 } }

    /// Runs on the server's thread.
    func perform(_ work: @escaping Work) { shared.works.update { $0.append(work) } }

    /// As `perform`; returns when it has been done and the server has served once more.
    func performAndWait(_ work: @escaping Work) {
        let turns = Monitor(0)
        perform { server in
            work(server)
            server.service(milliseconds: 0)
            turns.update { $0 += 1 }
        }
        _ = turns.wait(milliseconds: 20_000) { $0 == 1 ? true : nil }
    }

    /// The first record that fits, waited for.
    func wait<Found>(for find: (Record) -> Found?) -> Found? {
        shared.records.wait(milliseconds: 20_000) { records in records.lazy.compactMap(find).first }
    }

    func waitForConnection() -> Int {
        wait { record in
            if case .opened(let number, _) = record { return number }
            return nil
        } ?? -1
    }
}
