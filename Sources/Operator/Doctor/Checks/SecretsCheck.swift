/// Whether passwords are passwords. Never shows one.
struct SecretsCheck: Check {
    struct Secret: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// Those that are set.
    let secrets: [Secret]

    private static let name = "secrets"
    private static let token = "CDB_OPERATOR_TOKEN"
    private static let shortest = 12
    /// What examples and guides write where a password belongs.
    private static let placeholders: Set<String> = [
        "admin", "changeme", "claire", "default", "example", "grafana", "password", "passwort",
        "placeholder", "postgres", "redis", "root", "secret", "test", "token", "trustno1",
        "yourpassword", "yourpasswordhere", "yoursecurepassword", "replaceme",
    ]

    var findings: [Finding] {
        let all = secrets.compactMap(judge) + shared + missingToken
        return all.isEmpty ? [.ok(.configuration, Self.name, "long enough, each its own")] : all
    }

    private func judge(_ secret: Secret) -> Finding? {
        let remedy = "openssl rand -hex 16 makes one; docs/OPERATIONS.md, New passwords"
        if Self.isPlaceholder(secret.value) {
            return .failed(
                .configuration, Self.name, "\(secret.name) is a placeholder, not a secret",
                remedy: remedy)
        }
        guard secret.value.count < Self.shortest else { return nil }
        return .warning(
            .configuration, Self.name,
            "\(secret.name) has fewer than \(Self.shortest) characters", remedy: remedy)
    }

    /// `changeme`, `change_me_123`, `<password>`, `xxxxxxxx`.
    private static func isPlaceholder(_ value: String) -> Bool {
        if value.hasPrefix("<") || value.hasPrefix("${") || Set(value).count == 1 { return true }
        let letters = String(value.lowercased().filter(\.isLetter))
        return placeholders.contains(letters)
    }

    private var shared: [Finding] {
        let names = secrets.filter { secret in
            secrets.contains { $0.name != secret.name && $0.value == secret.value }
        }.map(\.name)
        guard !names.isEmpty else { return [] }
        return [
            .warning(
                .configuration, Self.name, "the same secret: \(names.joined(separator: ", "))",
                remedy: "give each its own: cdb init-env --force writes new ones")
        ]
    }

    private var missingToken: [Finding] {
        guard !secrets.contains(where: { $0.name == Self.token }) else { return [] }
        return [
            .warning(
                .configuration, Self.name,
                "\(Self.token) is not set: cdb halt and cdb release are refused",
                remedy: "set \(Self.token) for cdb_risk and here")
        ]
    }
}
