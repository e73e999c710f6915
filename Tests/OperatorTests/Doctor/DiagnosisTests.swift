import CoreModels
import ServiceKit
import Testing

@testable import Operator

@Suite("The doctor's report")
struct DiagnosisTests {
    private let diagnosis = Diagnosis([
        .failed(.redis, "maxmemory-policy", "allkeys-lru", remedy: "CONFIG SET"),
        .ok(.configuration, "variables", "complete"),
        .warning(.redis, "appendonly", "off", remedy: "CONFIG SET"),
        .warning(.ports, "ports", "odd", remedy: "stop it"),
    ])

    @Test("ends with the seven points, the worst of each")
    func summary() {
        #expect(
            diagnosis.summary == "configuration ok | ports warning (ports) | "
                + "Redis failed (maxmemory-policy) | Postgres not asked | schema not asked | "
                + "services not asked | feed not asked")
        #expect(diagnosis.report.lines.last == diagnosis.summary)
    }

    @Test("goes by the points' order, each remedy below its finding")
    func lines() {
        let lines = diagnosis.report.lines
        #expect(lines.count == 8)
        #expect(lines[0].hasPrefix("ok       configuration: variables"))
        #expect(lines[1].hasPrefix("warning  ports: ports") && lines[1].hasSuffix("odd"))
        #expect(lines[2] == "         -> stop it")
    }

    @Test("exits with 1 for a failure and with 0 for a warning")
    func exitCode() {
        #expect(diagnosis.report.exitCode == 1)
        let warned = Diagnosis([.warning(.ports, "ports", "odd", remedy: "stop it")])
        #expect(warned.report.exitCode == 0)
        #expect(warned.isHealthy)
    }

    @Test("what hangs is left behind")
    func late() throws {
        let questions: [@Sendable () -> Int] = [{ 1 }, { Self.waitForEver() }, { 3 }]
        let answers = try Consultation.ask(questions, milliseconds: 1_000)
        #expect(answers == [1, nil, 3])
    }

    private static func waitForEver() -> Int {
        while true { _ = Stopped.never.wait(milliseconds: nil) { _ in nil as Int? } }
    }

    private enum Stopped {
        static let never = Monitor(0)
    }
}
