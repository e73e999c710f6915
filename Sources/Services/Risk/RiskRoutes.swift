import CoreModels
import ServiceKit
import WireFormats

/// The operator's commands over HTTP: `POST /halt`, `POST /release` and, in development, a drill.
enum RiskRoutes {
    /// How long an answer waits for the commit; then it says that it is not durable yet. Longer than
    /// a commit may hang (`PostgresSettings.answerTimeout`): the order in a hanging commit could
    /// otherwise leave after the answer to a halt.
    static let commitWait: Int64 = 12_000

    static func all(_ context: ServiceMain.Context) -> [HTTPRoute] {
        let token = OperatorToken(context.configuration.optionalText("CDB_OPERATOR_TOKEN"))
        let commands = context.commands
        var routes = [
            HTTPRoute("POST", "/halt", place: .deferred) { halt($0, commands) },
            HTTPRoute("POST", "/release", place: .deferred) { release($0, commands) },
        ]
        if context.configuration.text("ENV") == "dev" {
            routes.append(
                HTTPRoute("POST", "/test/trigger-drawdown", place: .deferred) { _ in
                    let drill = Fact.halt(flatten: true, reason: "drill: daily drawdown")
                    return answer(
                        commands.ask(drill, timeoutMilliseconds: commitWait), flatten: true)
                })
        }
        return routes.map(token.guarding)
    }

    private static func halt(_ request: HTTPRequest, _ commands: CommandMailbox) -> HTTPResponse {
        guard let body = body(of: request) else { return notJSON }
        guard let reason = body["reason"].text, !reason.isEmpty else { return reasonMissing }
        guard body["flatten"] == .null || body["flatten"].flag != nil else {
            return .problem(.badRequest, "flatten must be true or false")
        }
        let flatten = body["flatten"].flag ?? false
        let halt = Fact.halt(flatten: flatten, reason: reason)
        return answer(commands.ask(halt, timeoutMilliseconds: commitWait), flatten: flatten)
    }

    private static func release(_ request: HTTPRequest, _ commands: CommandMailbox) -> HTTPResponse
    {
        guard let body = body(of: request) else { return notJSON }
        guard let reason = body["reason"].text, !reason.isEmpty else { return reasonMissing }
        guard body["rebase"] == .null || body["rebase"].flag != nil else {
            return .problem(.badRequest, "rebase must be true or false")
        }
        let release = Fact.release(reason: reason, rebase: body["rebase"].flag ?? false)
        switch commands.ask(release, timeoutMilliseconds: commitWait) {
        case .reply(.durable): return .json(.object([.init("durable", .flag(true))]))
        case .reply(.refused(let numbers)):
            return .json(
                .object(
                    [
                        .init("title", .text("the daily drawdown still holds")),
                        .init(
                            "detail", .text("release with rebase to begin at the present equity")),
                    ] + numbers),
                .conflict)
        case .reply(.notDurableYet), .reply(.unavailable), .timeout, .full:
            return .problem(.serviceUnavailable, "Postgres is away: nothing was released")
        }
    }

    private static func answer(
        _ outcome: CommandMailbox.Outcome, flatten: Bool
    ) -> HTTPResponse {
        let effect =
            flatten
            ? "halted; every position is being sold"
            : "halted; nothing leaves any more, stop-losses included"
        switch outcome {
        case .reply(.durable):
            return .json(.object([.init("durable", .flag(true)), .init("effect", .text(effect))]))
        case .reply(.notDurableYet), .timeout:
            return .json(
                .object([
                    .init("durable", .flag(false)), .init("effect", .text(effect)),
                    .init("detail", .text("committed as soon as Postgres is back")),
                ]), .accepted)
        case .reply(.refused), .reply(.unavailable), .full:
            return .problem(.serviceUnavailable, "too many commands wait already; try again")
        }
    }

    /// An absent body is an empty object.
    private static func body(of request: HTTPRequest) -> Value? {
        if request.body.isEmpty { return .object([]) }
        guard
            case .success(let value) = Result(catching: { () throws(JSONError) in
                try JSONDocument.parse(request.body)
            }), value.members != nil
        else { return nil }
        return value
    }

    private static var notJSON: HTTPResponse {
        .problem(.badRequest, "the body must be a JSON object like {\"reason\":\"…\"}")
    }

    private static var reasonMissing: HTTPResponse {
        .problem(.badRequest, "a reason is needed: {\"reason\":\"…\"}")
    }
}
