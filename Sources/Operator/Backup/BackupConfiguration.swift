import ServiceKit

/// What a stack was told, without secrets: `configuration.env` of a backup.
enum BackupConfiguration {
    /// What `cdb up` notes for itself.
    private static let notes = [
        StackEnvironment.portBase, StackEnvironment.feed, StackEnvironment.simulationOrigin,
        StackProgram.simulator.portVariable,
    ]

    /// Every variable that is set and known to be no secret.
    static func text(_ environment: [String: String]) -> String {
        let known = ConfigurationTable.all.filter { $0.kind != .secret }.map(\.name)
        var pairs = StackEnvironment()
        for name in known + notes {
            guard let value = environment[name], !value.isEmpty, !holdsPassword(value) else {
                continue
            }
            pairs[name] = value
        }
        return "# Passwords and tokens are not in a backup.\n" + pairs.text
    }

    /// `wss://user:password@host`.
    private static func holdsPassword(_ value: String) -> Bool {
        value.split(separator: "/").dropFirst().first?.contains("@") ?? false
    }

    /// What a stack of `cdb up` needs of it to go on where it was.
    static func stackEnvironment(_ text: String) -> StackEnvironment {
        let saved = StackEnvironment(text: text)
        var environment = StackEnvironment()
        for name in notes { environment[name] = saved[name] }
        return environment
    }
}
