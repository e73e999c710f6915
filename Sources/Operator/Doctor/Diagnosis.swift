import CoreModels

/// All findings, and what they come to.
struct Diagnosis {
    /// In the order of the points.
    let findings: [Finding]

    init(_ findings: [Finding]) {
        self.findings = CheckPoint.allCases.flatMap { point in
            findings.filter { $0.point == point }
        }
    }

    var isHealthy: Bool { !findings.contains { $0.status == .failed } }

    /// `ok`, `warning`, `failed`, or `not asked` where an earlier point stood in the way.
    private func verdict(_ point: CheckPoint) -> (word: String, checks: [String]) {
        let own = findings.filter { $0.point == point }
        for status in [Finding.Status.failed, .warning] {
            var checks: [String] = []
            for finding in own where finding.status == status && !checks.contains(finding.check) {
                checks.append(finding.check)
            }
            if !checks.isEmpty { return (status.rawValue, checks) }
        }
        return (own.isEmpty ? "not asked" : "ok", [])
    }

    /// The last line: the seven points.
    var summary: String {
        CheckPoint.allCases.map { point in
            let (word, checks) = verdict(point)
            let names = checks.isEmpty ? "" : " (\(checks.joined(separator: ", ")))"
            return "\(point.rawValue) \(word)\(names)"
        }.joined(separator: " | ")
    }

    var report: Report {
        let width = findings.map { $0.point.rawValue.count + $0.check.count }.max() ?? 0
        let lines = findings.flatMap { finding -> [String] in
            let name = "\(finding.point.rawValue): \(finding.check)"
            let line =
                Self.padded(finding.status.rawValue, 9) + Self.padded(name, width + 4)
                + finding.detail
            return [line] + (finding.remedy.map { ["         -> \($0)"] } ?? [])
        }
        return Report(lines + [summary], members, exitCode: isHealthy ? 0 : 1)
    }

    private var members: [Value.Member] {
        [
            .init(
                "findings",
                .list(
                    findings.map { finding in
                        .object([
                            .init("point", .text(finding.point.rawValue)),
                            .init("check", .text(finding.check)),
                            .init("status", .text(finding.status.rawValue)),
                            .init("detail", .text(finding.detail)),
                            .init("remedy", .text(finding.remedy)),
                        ])
                    })),
            .init(
                "summary",
                .object(
                    CheckPoint.allCases.map { .init($0.rawValue, .text(verdict($0).word)) })),
            .init("ok", .flag(isHealthy)),
        ]
    }

    private static func padded(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: max(1, width - word.count))
    }
}
