import CoreModels
import WireFormats

/// The paths that every service has (HTTP_AND_METRICS.md).
public enum ServiceRoutes {
    public static func standard(_ board: StatusBoard, _ metrics: Metrics) -> [HTTPRoute] {
        let page = MetricsPage(metrics)
        return [
            HTTPRoute("GET", "/livez") { _ in .json(.object([.init("status", .text("ok"))])) },
            HTTPRoute("GET", "/readyz") { _ in readiness(board) },
            HTTPRoute("GET", "/health") { _ in health(board) },
            HTTPRoute("GET", "/status") { _ in status(board) },
            HTTPRoute("GET", "/metrics") { _ in
                let text = page.read { metrics.health.set(isAlive(board.read().health) ? 1 : 0) }
                return .text(text, contentType: MetricText.contentType)
            },
        ]
    }

    private static func readiness(_ board: StatusBoard) -> HTTPResponse {
        let notice = board.read()
        let checks = notice.checks.map { check in
            Value.object([
                .init("name", .text(check.name)),
                .init("status", .text(check.isPassed ? "ok" : "failed")),
                .init("detail", .text(check.detail)),
            ])
        }
        return .json(
            .object([
                .init("status", .text(notice.isReady ? "ready" : "not ready")),
                .init("service", .text(board.service)), .init("checks", .list(checks)),
            ]),
            notice.isReady ? .ok : .serviceUnavailable)
    }

    private static func health(_ board: StatusBoard) -> HTTPResponse {
        let health = board.read().health
        var members: [Value.Member] = [
            .init("status", .text(health.name)), .init("service", .text(board.service)),
            .init("version", .text(board.version)),
        ]
        if let reason = health.reason { members.append(.init("reason", .text(reason))) }
        return .json(.object(members), isAlive(health) ? .ok : .serviceUnavailable)
    }

    private static func status(_ board: StatusBoard) -> HTTPResponse {
        let notice = board.read()
        let standard: [Value.Member] = [
            .init("service", .text(board.service)), .init("version", .text(board.version)),
            .init("uptime_s", .integer(board.uptimeSeconds)), .init("mode", .text(board.mode)),
            .init("health", .text(notice.health.name)),
            .init("reason", .text(notice.health.reason)),
        ]
        // No name twice: what a service says of itself goes before the standard.
        let own = Set(notice.status.map(\.name))
        return .json(.object(standard.filter { !own.contains($0.name) } + notice.status))
    }

    private static func isAlive(_ health: Health) -> Bool {
        switch health {
        case .ok, .degraded: true
        case .error: false
        }
    }
}
