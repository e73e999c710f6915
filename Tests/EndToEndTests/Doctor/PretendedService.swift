import CoreModels
import ServiceKit
import WireFormats

/// Answers as a service would that is not well.
final class PretendedService {
    let port: UInt16
    private let server: HTTPServer

    /// - Parameters:
    ///   - failed: a check of `/readyz` that fails; nil: it is ready.
    ///   - status: members of `/status`.
    init(failed: (check: String, detail: String)? = nil, status: [Value.Member] = []) throws {
        let checks = failed.map { failed in
            Value.object([
                .init("name", .text(failed.check)), .init("status", .text("failed")),
                .init("detail", .text(failed.detail)),
            ])
        }
        let readiness = Value.object([.init("checks", .list(checks.map { [$0] } ?? []))])
        let code: HTTPStatus = failed == nil ? .ok : .serviceUnavailable
        let status = Value.object(status)
        server = try HTTPServer(
            address: "127.0.0.1", port: 0,
            routes: [
                HTTPRoute("GET", "/readyz") { _ in .json(readiness, code) },
                HTTPRoute("GET", "/status") { _ in .json(status) },
            ],
            logger: Logger(service: "pretended", level: .error, format: .text))
        port = server.port
    }

    deinit { server.stop() }
}
