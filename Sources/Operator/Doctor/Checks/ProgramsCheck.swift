/// Whether what `cdb up` starts is there.
struct ProgramsCheck: Check {
    struct Missing: Sendable, Equatable {
        let program: String
        let remedy: String
    }

    let missing: [Missing]
    /// Where `cdb` and the services lie.
    let directory: String

    private static let name = "programs"

    var findings: [Finding] {
        guard !missing.isEmpty else {
            return [.ok(.services, Self.name, "complete, in \(directory)")]
        }
        return missing.map {
            .failed(.services, Self.name, "\($0.program) is missing", remedy: $0.remedy)
        }
    }
}
