import CoreModels
import PrivateServers
import TestKit
import Testing

/// The dashboards and rules against what really runs.
@Suite(
    "Monitoring of a running stack", .serialized,
    .enabled(
        if: WatchedStack.programs.allSatisfy(InstalledPrograms.has),
        "scripts/install-dependencies.sh installs what is missing"))
struct LiveMonitoringTests {
    @Test("after a drawdown: it is in Alertmanager, every panel has data, every alert its series")
    func story() throws {
        let stack = try WatchedStack()
        try stack.wait("the drawdown fires and arrives in Alertmanager", seconds: 80) {
            guard stack.alertmanager.isReady else { return false }
            return try !stack.alertmanager.alerts("DailyDrawdownLimitExceeded").isEmpty
        }
        let alert = try #require(
            try stack.alertmanager.alerts("DailyDrawdownLimitExceeded").first)
        #expect(alert["labels"]["severity"].text == "critical")
        #expect(alert["status"]["state"].text == "active")
        #expect(alert["receivers"].list?.map { $0["name"].text } == ["none"])
        print("Alertmanager: \(alert["annotations"]["description"].text ?? "")")
        try stack.wait("the crash is a volatility, too", seconds: 20) {
            try !stack.alertmanager.alerts("HighVolatilityDetected").isEmpty
        }

        let targets = try stack.prometheus.query("up")
        #expect(targets.count == 10)
        #expect(targets.filter { $0.value != 1 }.map(\.series) == [])
        try checkPanels(stack)
        try checkAlerts(stack.prometheus)
    }

    /// Of cdb_ws, cdb_rest and the four of the ledger.
    private static let services = 6

    /// Waits until every expression of every panel has a number (those per service: one for each),
    /// and prints one of each.
    private func checkPanels(_ stack: WatchedStack) throws {
        let dashboards = try MonitoringFiles.dashboards()
        var samples: [String] = []
        var silent: [String] = []
        let haveData = try eventually(seconds: 30, pause: 500) {
            samples = []
            silent = []
            for (dashboard, panel) in dashboards.flatMap({ board in
                board.panels.map { (board, $0) }
            }) {
                let name = "\(dashboard.title ?? "") / \(panel.title)"
                let wanted = panel.title.hasSuffix("per service") ? Self.services : 1
                for expression in panel.expressions {
                    let rows = try stack.prometheus.query(expression)
                    if rows.count < wanted { silent.append("\(name): \(expression)") }
                    samples += rows.prefix(1).map { "\(name): \($0.value) {\($0.series)}" }
                }
            }
            return silent.isEmpty
        }
        print(samples.joined(separator: "\n"))
        #expect(haveData, "without data: \(silent.joined(separator: "; "))")
    }

    /// An alert that asks for what nobody exports would be silent for ever.
    private func checkAlerts(_ prometheus: MonitoringServer) throws {
        let exported = try prometheus.exportedFamilies().union(["up"])
        let rules = try prometheus.rules()
        #expect(try rules.map(\.alert).sorted() == MonitoringFiles.alerts().sorted())
        for rule in rules {
            #expect(rule.health == "ok", "\(rule.alert): \(rule.error)")
            let metrics = PromQLNames.metrics(in: rule.expression)
            #expect(!metrics.isEmpty, "\(rule.alert) asks for nothing")
            for metric in metrics {
                let isExported = PromQLNames.families(of: metric).contains(where: exported.contains)
                #expect(isExported, "\(rule.alert): nobody exports \(metric)")
            }
        }
    }

    @Test("a critical alert silences the warnings of its subject, and what a dead service causes")
    func inhibition() throws {
        let directory = try TemporaryDirectory()
        let server = try MonitoringServer.alertmanager(
            MonitoringFiles.alertmanager, data: directory.file("data"), port: LoopbackPort.free())
        #expect(eventually(seconds: 30, pause: 50) { server.isReady })
        func label(_ name: String, _ severity: String, _ subject: String, _ instance: String)
            -> String
        {
            """
            {"labels":{"alertname":"\(name)","severity":"\(severity)","subject":"\(subject)",\
            "instance":"\(instance)"}}
            """
        }
        let alerts = [
            label("ServiceDown", "critical", "service", "cdb_ws:8000"),
            label("StaleMarketData", "warning", "bus", "cdb_risk:8002"),
            label("HighErrorRate", "warning", "errors", "cdb_ws:8000"),
            label("HighErrorRate", "warning", "errors", "cdb_rest:8080"),
            label("DailyDrawdownLimitExceeded", "critical", "profit", "cdb_risk:8002"),
            label("LowWinRate", "warning", "profit", "cdb_execution:8003"),
            label("PositivePnLMilestone", "info", "milestone", "cdb_risk:8002"),
        ]
        try server.post("/api/v2/alerts", "[\(alerts.joined(separator: ","))]")
        let expected = [
            "HighErrorRate cdb_ws:8000", "LowWinRate cdb_execution:8003",
            "StaleMarketData cdb_risk:8002",
        ]
        var silenced: [String] = []
        let isSilent = try eventually(seconds: 20, pause: 50) {
            let all = try server.document("/api/v2/alerts").list ?? []
            silenced = all.filter { $0["status"]["state"].text == "suppressed" }.map {
                "\($0["labels"]["alertname"].text ?? "") \($0["labels"]["instance"].text ?? "")"
            }.sorted()
            return all.count == alerts.count && silenced == expected
        }
        #expect(isSilent, "silenced: \(silenced)")
    }
}
