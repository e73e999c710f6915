/// Whether the file with addresses and passwords is there, can be read, and is for its owner only.
struct EnvironmentFileCheck: Check {
    enum State: Equatable, Sendable {
        case missing
        /// The environment itself says all that the file would.
        case notNeeded
        case unreadable(String)
        /// The permission bits.
        case readable(mode: UInt32)
    }

    let path: String
    let state: State
    /// The command that writes the file.
    let maker: String

    private static let name = "environment file"
    private static let bitsOfOthers: UInt32 = 0o077

    var findings: [Finding] {
        switch state {
        case .missing:
            [.failed(.configuration, Self.name, "\(path) is missing", remedy: maker)]
        case .notNeeded:
            [.ok(.configuration, Self.name, "not needed: the environment says all")]
        case .unreadable(let reason):
            [
                .failed(
                    .configuration, Self.name, "\(path) cannot be read: \(reason)",
                    remedy: "chown $USER \(path) && chmod 600 \(path), or \(maker)")
            ]
        case .readable(let mode) where mode & Self.bitsOfOthers != 0:
            [
                .warning(
                    .configuration, Self.name,
                    "\(path) holds passwords and is open to others (mode \(octal(mode)))",
                    remedy: "chmod 600 \(path)")
            ]
        case .readable(let mode):
            [.ok(.configuration, Self.name, "\(path), mode \(octal(mode))")]
        }
    }

    private func octal(_ mode: UInt32) -> String { "0" + String(mode & 0o777, radix: 8) }
}
