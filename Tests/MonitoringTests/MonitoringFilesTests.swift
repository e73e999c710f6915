import CoreModels
import PrivateServers
import TestKit
import Testing

@Suite("Monitoring files")
struct MonitoringFilesTests {
    @Test(
        "are accepted by the programs that read them",
        arguments: [
            ("promtool", ["check", "config", "\(MonitoringFiles.prometheus)/prometheus.yml"]),
            ("promtool", ["check", "rules", "\(MonitoringFiles.prometheus)/alerts.yml"]),
            ("promtool", ["test", "rules", "\(MonitoringFiles.prometheus)/alerts_test.yml"]),
            ("amtool", ["check-config", MonitoringFiles.alertmanager]),
        ])
    func accepted(program: String, words: [String]) throws {
        guard InstalledPrograms.has(program) else {
            print("skipped: \(program) is not installed, so \(words.last ?? "") was not checked")
            return
        }
        let end = try InstalledPrograms.run(program, words)
        #expect(end.status.isSuccess, "\(end.output)")
    }

    @Test("have for every alert a case in which it fires and one in which it is silent")
    func cases() throws {
        let lines = try MonitoringFiles.lines("\(MonitoringFiles.prometheus)/alerts_test.yml")
        let alerts = try MonitoringFiles.alerts()
        #expect(!alerts.isEmpty)
        for alert in alerts {
            let outcomes = zip(lines, lines.dropFirst())
                .filter { $0.0 == "alertname: \(alert)" }.map(\.1)
            #expect(outcomes.contains("exp_alerts:"), "\(alert) never fires")
            #expect(outcomes.contains("exp_alerts: []"), "\(alert) is never silent")
        }
    }

    @Test("have for every alert severity, subject, and a runbook that is there")
    func runbooks() throws {
        let rules = "\(MonitoringFiles.prometheus)/alerts.yml"
        let alerts = try MonitoringFiles.alerts()
        #expect(alerts.count == Set(alerts).count)
        for key in ["for", "severity", "subject", "summary", "description"] {
            #expect(try MonitoringFiles.values(of: key, in: rules).count == alerts.count)
        }
        let severities = try Set(MonitoringFiles.values(of: "severity", in: rules))
        #expect(severities == ["critical", "warning", "info"])
        let document = "docs/OPERATIONS.md"
        let headings = try MonitoringFiles.lines("\(MonitoringFiles.root)/\(document)")
        for alert in alerts {
            let hasRunbook = headings.contains("### \(alert)")
            #expect(hasRunbook, "\(alert) has no runbook")
        }
        let links = try MonitoringFiles.values(of: "runbook_url", in: rules)
        #expect(links == alerts.map { "\(document)#\($0.lowercased())" })
    }

    static let panels: [(uid: String, titles: [String])] = [
        (
            "cdb-trading-overview",
            [
                "Total signals", "Signals per minute by symbol", "Approval rate",
                "Cumulative PnL", "Equity", "Trades by symbol", "Open positions", "Win rate",
            ]
        ),
        (
            "cdb-risk-alerts",
            [
                "Daily drawdown", "Total exposure", "Trading state", "Circuit breaker",
                "Drawdown history", "Rejections by reason", "Layer results per minute",
                "Stop-losses",
            ]
        ),
        (
            "cdb-system-health",
            [
                "Health per service", "p95 event latency per service", "p95 commit latency",
                "p95 publish latency", "Consumer lag", "Sequence gaps", "Market data staleness",
                "Reconnects to the exchange", "Redis memory", "Postgres connections",
                "Resident memory per service",
            ]
        ),
    ]

    @Test("have the dashboards with their panels", arguments: panels)
    func dashboards(uid: String, titles: [String]) throws {
        let found = try MonitoringFiles.dashboards().filter { $0.uid == uid }
        let dashboard = try #require(found.first)
        #expect(found.count == 1)
        #expect(Set(titles).subtracting(dashboard.panels.map(\.title)) == [])
        #expect(dashboard.panels.map(\.number) == dashboard.panels.indices.map { Int64($0) + 1 })
        let provisioning = try MonitoringFiles.values(
            of: "uid",
            in: "\(MonitoringFiles.grafana)/provisioning/datasources/prometheus.yml")
        for panel in dashboard.panels {
            #expect(!panel.expressions.isEmpty, "\(panel.title) asks for nothing")
            #expect(panel.sources.allSatisfy { provisioning == [$0] }, "\(panel.title)")
        }
    }

    @Test(
        "colour the gauges where the limits are",
        arguments: [
            ("Daily drawdown", [nil, "3", "4.5"], ["green", "yellow", "red"]),
            ("Total exposure", [nil, "30", "45", "50"], ["green", "yellow", "orange", "red"]),
        ])
    func gauges(title: String, steps: [String?], colors: [String]) throws {
        let panels = try MonitoringFiles.dashboards().flatMap(\.panels)
        let gauge = try #require(panels.first { $0.title == title })
        #expect(gauge.thresholds == steps.map { $0.flatMap { Ratio($0) } })
        #expect(gauge.colors == colors)
    }
}
