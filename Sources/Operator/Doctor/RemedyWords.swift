/// The commands that mend something, as they are called for this stack.
struct RemedyWords: Sendable, Equatable {
    /// Nil for a stack in containers.
    let directory: String?

    private var option: String { directory.map { " --dir \($0)" } ?? "" }

    /// One of the operator's commands for this stack: `cdb verify --dir DIR`.
    func cdb(_ words: String) -> String {
        directory == nil ? "docker compose run --rm cdb \(words)" : "cdb \(words)\(option)"
    }

    var start: String { directory == nil ? "docker compose up -d" : "cdb up\(option)" }

    func log(_ name: String) -> String {
        directory == nil ? "docker compose logs cdb_\(Self.bare(name))" : cdb("logs \(name)")
    }

    func restart(_ name: String) -> String {
        directory == nil
            ? "docker compose restart cdb_\(Self.bare(name))"
            : "\(cdb("down")) and \(start)"
    }

    private static func bare(_ name: String) -> String {
        name.hasPrefix("cdb_") ? String(name.dropFirst(4)) : name
    }
}
