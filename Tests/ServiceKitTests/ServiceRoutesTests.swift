import CoreModels
import Testing
import WireFormats

@testable import ServiceKit

@Suite("The paths that every service has")
struct ServiceRoutesTests {
    private func answer(_ path: String, _ board: StatusBoard) throws -> HTTPResponse {
        let metrics = Metrics(service: board.service, version: board.version)
        let route = try #require(
            ServiceRoutes.standard(board, metrics).first { $0.path == path && $0.method == "GET" })
        return route.handler(HTTPRequest(method: "GET", path: path))
    }

    private func body(_ response: HTTPResponse) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    private func board(_ health: Health, _ checks: [ReadinessCheck] = []) -> StatusBoard {
        let board = StatusBoard(service: "cdb_risk", version: "9.9.9")
        board.publish(
            .init(health: health, checks: checks, status: [.init("equity", .decimal(1))]))
        return board
    }

    @Test("a service that starts lives, and is neither well nor ready")
    func starting() throws {
        let board = StatusBoard(service: "cdb_risk")
        #expect(try answer("/livez", board).status == .ok)
        #expect(try answer("/health", board).status == .serviceUnavailable)
        #expect(try answer("/readyz", board).status == .serviceUnavailable)
        #expect(try answer("/metrics", board).status == .ok)
    }

    @Test(
        "health is 200 while the service can do its job",
        arguments: [
            (
                Health.ok, HTTPStatus.ok,
                "{\"status\":\"ok\",\"service\":\"cdb_risk\",\"version\":\"9.9.9\"}"
            ),
            (
                .degraded(reason: "Redis is away"), .ok,
                "{\"status\":\"degraded\",\"service\":\"cdb_risk\",\"version\":\"9.9.9\",\"reason\":\"Redis is away\"}"
            ),
            (
                .error(reason: "x"), .serviceUnavailable,
                "{\"status\":\"error\",\"service\":\"cdb_risk\",\"version\":\"9.9.9\",\"reason\":\"x\"}"
            ),
        ])
    func health(health: Health, status: HTTPStatus, text: String) throws {
        let response = try answer("/health", board(health))
        #expect(response.status == status)
        #expect(body(response) == text)
    }

    @Test("readiness lists each check and fails with any")
    func readiness() throws {
        let fine = ReadinessCheck("redis", isPassed: true)
        let halted = ReadinessCheck("trading", isPassed: true, detail: "HALTED")
        let bad = ReadinessCheck("postgres", isPassed: false, detail: "refused")
        let ready = try answer("/readyz", board(.ok, [fine, halted]))
        #expect(ready.status == .ok)
        #expect(
            body(ready) == "{\"status\":\"ready\",\"service\":\"cdb_risk\",\"checks\":["
                + "{\"name\":\"redis\",\"status\":\"ok\",\"detail\":\"\"},"
                + "{\"name\":\"trading\",\"status\":\"ok\",\"detail\":\"HALTED\"}]}")
        let failed = try answer("/readyz", board(.ok, [fine, bad]))
        #expect(failed.status == .serviceUnavailable)
        #expect(
            body(failed).contains(
                "{\"name\":\"postgres\",\"status\":\"failed\",\"detail\":\"refused\"}"))
    }

    @Test("a loop that is silent for too long is not believed")
    func silence() {
        let notice = StatusBoard.Notice(health: .ok, checks: [])
        #expect(StatusBoard.judged(notice, ageMilliseconds: 30_000) == notice)
        let judged = StatusBoard.judged(notice, ageMilliseconds: 31_500)
        #expect(judged.health == .error(reason: "the loop has not reported for 31 s"))
        #expect(!judged.isReady)
    }

    @Test("status begins with service, version, uptime and mode")
    func status() throws {
        let text = body(try answer("/status", board(.ok)))
        #expect(
            text.hasPrefix(
                "{\"service\":\"cdb_risk\",\"version\":\"9.9.9\",\"uptime_s\":0,\"mode\":\"paper\","
            ))
        #expect(text.hasSuffix("\"equity\":0.000000000000000001}"))
    }

    @Test("no name stands twice in status: a service's own goes before the standard")
    func statusNames() throws {
        let board = StatusBoard(service: "cdb_execution", version: "9.9.9")
        board.publish(.init(health: .ok, checks: [], status: [.init("mode", .text("live"))]))
        let text = body(try answer("/status", board))
        #expect(text.split(separator: "\"mode\":").count == 2)
        #expect(text.hasSuffix("\"mode\":\"live\"}"))
    }

    @Test(
        "the metrics page tells health",
        arguments: [(Health.ok, 1), (.degraded(reason: "x"), 1), (.error(reason: "x"), 0)])
    func metrics(health: Health, number: Int) throws {
        let response = try answer("/metrics", board(health))
        #expect(response.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(body(response).contains("cdb_health_status{service=\"cdb_risk\"} \(number)\n"))
    }

    @Test(
        "the operator's token decides",
        arguments: [
            (nil, "Bearer x", .forbidden), ("", "Bearer ", .forbidden),
            ("secret", nil, .unauthorized), ("secret", "secret", .unauthorized),
            ("secret", "Basic secret", .unauthorized), ("secret", "Bearer", .unauthorized),
            ("secret", "Bearer secre", .unauthorized), ("secret", "Bearer secrets", .unauthorized),
            ("secret", "Bearer secretsecret", .unauthorized),
            ("secret", "Bearer sEcret", .unauthorized), ("secret", "Bearer secret", nil),
            ("secret", "bearer secret", nil),
        ] as [(String?, String?, HTTPStatus?)])
    func token(secret: String?, given: String?, status: HTTPStatus?) {
        let request = HTTPRequest(
            method: "POST", path: "/halt", fields: given.map { [.init("authorization", $0)] } ?? [])
        let refusal = OperatorToken(secret).refusal(of: request)
        #expect(refusal?.status == status)
        #expect(refusal.map { body($0).contains("secret") } != true)
        let route = OperatorToken(secret).guarding(
            HTTPRoute("POST", "/halt", place: .deferred) { _ in .text([]) })
        #expect(route.handler(request).status == status ?? .ok)
        #expect(route.place == .deferred)
    }
}
