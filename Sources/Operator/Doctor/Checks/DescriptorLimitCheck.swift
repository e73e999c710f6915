/// How many files and connections a program of the stack may have open.
struct DescriptorLimitCheck: Check {
    /// Nil: unlimited.
    let limit: Int64?

    private static let name = "file descriptors"
    /// Connections of HTTP, Redis and Postgres, files, and room for a burst.
    private static let needed: Int64 = 1_024

    var findings: [Finding] {
        guard let limit else { return [.ok(.services, Self.name, "no limit")] }
        guard limit < Self.needed else { return [.ok(.services, Self.name, "up to \(limit)")] }
        return [
            .warning(
                .services, Self.name, "a program may open only \(limit)",
                remedy: "ulimit -n 4096 before the start (LimitNOFILE= in a unit of systemd)")
        ]
    }
}
