/// Whether each port of the stack is free or held by whom it is for.
struct PortsCheck: Check {
    struct Use: Sendable, Equatable {
        let port: Int
        /// The program it is for: `cdb_risk`.
        let program: String
        /// The variable that names it.
        let variable: String
        let holders: [PortHolder]
    }

    let uses: [Use]
    let words: RemedyWords

    private static let name = "ports"
    /// Hand a published port on to a container.
    private static let proxies: Set<String> = [
        "docker-proxy", "rootlessport", "rootlesskit", "conmon", "slirp4netns", "pasta", "passt",
    ]

    var findings: [Finding] {
        let bad = uses.flatMap(strangers) + twice
        let held = uses.count { !$0.holders.isEmpty }
        let fine = "\(uses.count) looked at: \(held) held by the stack, \(uses.count - held) free"
        return bad.isEmpty ? [.ok(.ports, Self.name, fine)] : bad
    }

    private func strangers(_ use: Use) -> [Finding] {
        use.holders.compactMap { holder in
            guard let name = holder.name, name != use.program, !Self.proxies.contains(name) else {
                return nil
            }
            let process = holder.process.map { ", process \($0)" } ?? ""
            let stop = holder.process.map { "stop it (kill \($0))" } ?? "stop it"
            let other =
                words.directory == nil
                ? "set \(use.variable) to another port"
                : "choose other ports: \(words.cdb("down")) and \(words.start) --port-base N"
            return .failed(
                .ports, Self.name,
                "\(use.port), for \(use.program), is held by \(name)\(process)",
                remedy: "\(stop), or \(other)")
        }
    }

    private var twice: [Finding] {
        uses.indices.compactMap { index in
            let use = uses[index]
            guard let first = uses[..<index].first(where: { $0.port == use.port }) else {
                return nil
            }
            return .failed(
                .ports, Self.name,
                "\(use.port) is given to both \(first.program) and \(use.program)",
                remedy: "set \(use.variable) to another port")
        }
    }
}
