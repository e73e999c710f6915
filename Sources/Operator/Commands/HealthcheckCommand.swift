import CoreModels
import ServiceKit
import WireFormats

/// `cdb healthcheck URL`, for container health checks.
enum HealthcheckCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "healthcheck", "asks a URL and fails unless it answers 200", operands: [.init("URL")])

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let url = arguments.operands[0]
        do throws(HTTPClientError) {
            let reply = try HTTPClient(timeoutMilliseconds: 3_000).send("GET", url)
            return Report(
                ["\(url): \(reply.status)"],
                [.init("url", .text(url)), .init("status", .integer(Int64(reply.status)))],
                exitCode: reply.status == 200 ? 0 : 1)
        } catch {
            if case .badURL = error { throw CommandFailure.wrongUse(error.description) }
            throw CommandFailure.failed(error.description)
        }
    }
}
