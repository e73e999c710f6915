import CoreModels
import ServiceKit
import WireFormats

/// What `cdb halt` and `cdb release` share: one POST to cdb_risk.
enum RiskCommand {
    static let reason = Option("reason", .value("TEXT"), "why, for the ledger; mandatory")

    static func reason(_ arguments: Arguments) throws(CommandFailure) -> String {
        guard let reason = arguments.text("reason"), !reason.isEmpty else {
            throw .wrongUse(
                "--reason is missing: every command is kept in the ledger with its reason")
        }
        return reason
    }

    /// Sends it and says what became of it.
    static func post(
        _ path: String, _ body: [Value.Member], _ arguments: Arguments, _ context: Context,
        done: String
    ) throws -> Report {
        let stack = try StackAddress.find(arguments, context)
        let url = try stack.url(of: .service(.risk), path)
        let token = try stack.operatorToken()
        let reply: HTTPReply
        do throws(HTTPClientError) {
            reply = try HTTPClient(timeoutMilliseconds: 20_000).send(
                "POST", url, bearer: token, body: JSONWriter.bytes(.object(body)))
        } catch { throw CommandFailure.failed(error.description) }
        let answer = members(reply.body)
        let numbers = answer.map { "  \($0.name) \(Self.text($0.value))" }
        switch reply.status {
        case 200: return Report([done] + numbers, answer)
        case 202:
            return Report(
                ["\(done); not durable yet: Postgres is away, it is the first thing to be stored"]
                    + numbers, answer)
        case 401, 403:
            throw CommandFailure.failed(
                "\(url) answered \(reply.status): CDB_OPERATOR_TOKEN has to be that of cdb_risk")
        case 409: return Report(["refused"] + numbers, answer, exitCode: 1)
        default:
            return Report(["\(url) answered \(reply.status)"] + numbers, answer, exitCode: 1)
        }
    }

    private static func members(_ body: [UInt8]) -> [Value.Member] {
        do throws(JSONError) {
            return try JSONDocument.parse(body).members ?? []
        } catch {
            return []  // No JSON: the status alone is told.
        }
    }

    private static func text(_ value: Value) -> String {
        value.text ?? String(decoding: JSONWriter.bytes(value), as: UTF8.self)
    }
}
