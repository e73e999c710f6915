import CoreModels
import ServiceKit

/// Whether every program answers, is ready, well, and of one version.
struct ServicesCheck: Check {
    let programs: [ProgramAnswer]
    let words: RemedyWords

    private static let ready = "readiness"

    var findings: [Finding] {
        let bad = programs.flatMap(judge)
        let names = programs.map(\.name).joined(separator: ", ")
        return (bad.isEmpty ? [.ok(.services, Self.ready, "\(names) are ready")] : bad) + versions
    }

    private func judge(_ program: ProgramAnswer) -> [Finding] {
        switch program.answer {
        case .silent(let reason):
            return [
                .failed(
                    .services, Self.ready, "\(program.name) does not answer: \(reason)",
                    remedy: "\(words.log(program.name)); \(words.restart(program.name))")
            ]
        case .heard(let failures, let status):
            let unready = failures.filter { !(program.isFeed && $0.check == "feed") }.map {
                Finding.failed(
                    .services, Self.ready, "\(program.name), \($0.check): \($0.detail)",
                    remedy: remedy(program.name, $0.check))
            }
            guard unready.isEmpty, status["health"].text == "degraded" else { return unready }
            return [
                .warning(
                    .services, "health", "\(program.name): \(status["reason"].text ?? "degraded")",
                    remedy: words.log(program.name))
            ]
        }
    }

    /// docs/OPERATIONS.md, What each check means.
    private func remedy(_ name: String, _ check: String) -> String {
        switch check {
        case "redis": "mend Redis (above); the service comes back by itself"
        case "postgres": "mend Postgres (above); the service comes back by itself"
        case "schema": words.cdb("migrate")
        case "lock": "stop the other copy that the detail names"
        case "work": "\(words.cdb("verify")), then docs/OPERATIONS.md, Alert DEAD_LETTER"
        default: "\(words.log(name)); \(words.restart(name))"
        }
    }

    private var versions: [Finding] {
        let other = programs.compactMap { program -> String? in
            guard let version = program.status["version"].text, version != BuildVersion.text else {
                return nil
            }
            return "\(program.name) is \(version)"
        }
        guard !other.isEmpty else {
            let isHeard = programs.contains { $0.status["version"].text != nil }
            return isHeard ? [.ok(.services, "version", BuildVersion.text)] : []
        }
        return [
            .failed(
                .services, "version",
                "cdb is \(BuildVersion.text), \(other.joined(separator: ", "))",
                remedy: words.directory == nil
                    ? "docker compose up -d --build"
                    : "build all of one version; \(words.cdb("down")) and \(words.start)")
        ]
    }
}
