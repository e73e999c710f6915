import Glibc
import PrivateServers
import ServiceKit

/// The stack that the doctor looks at, found as the other commands find theirs, but whatever is
/// wrong with it: a fault of its configuration is a finding, and the rest is looked at all the same.
struct ExaminedStack: Sendable {
    /// With the variables that can be used.
    let address: StackAddress
    let file: EnvironmentFileCheck
    let variables: VariablesCheck
    let secrets: SecretsCheck
    let words: RemedyWords
    /// The `cdb up` that runs it; nil when none does, or none has to.
    let supervisor: pid_t?

    /// Whether there should be servers and services to ask.
    var isUp: Bool { address.directory == nil || supervisor != nil }

    private static let mandatory = ["REDIS_PASSWORD", "POSTGRES_USER", "POSTGRES_PASSWORD"]
    private static let dotEnv = ".env"

    static func find(_ arguments: Arguments, _ context: Context) -> ExaminedStack {
        let named = arguments.text("dir")
        let directory = StackDirectory(named ?? StackDirectory.defaultPath)
        guard named != nil || Files.exists(directory.environmentFile) else {
            return ExaminedStack(environmentOver: context.environment)
        }
        return ExaminedStack(directory, context.environment)
    }

    /// A stack of `cdb up`.
    private init(_ directory: StackDirectory, _ environment: [String: String]) {
        let words = RemedyWords(directory: directory.path)
        let (state, text) = Self.read(directory.environmentFile)
        self.init(
            directory: directory,
            environment: StackEnvironment(text: text).over(environment), names: [],
            file: EnvironmentFileCheck(
                path: directory.environmentFile, state: state, maker: "\(words.start) writes it"),
            readers: ["cdb"], supervisor: StackLock.holder(directory), words: words)
    }

    /// A stack in containers, or one the environment names. `.env` fills in what is not set; the
    /// containers' ports are published on this machine.
    private init(environmentOver environment: [String: String]) {
        let isComplete = Self.mandatory.allSatisfy {
            environment[$0]?.isEmpty == false || environment[$0 + "_FILE"]?.isEmpty == false
        }
        let (state, text) = isComplete ? (.notNeeded, "") : Self.read(Self.dotEnv)
        let inFile = StackEnvironment(text: text).dictionary
        var all = environment.merging(inFile) { own, _ in own }
        if !isComplete {
            for host in ["REDIS_HOST", "POSTGRES_HOST"] where all[host]?.isEmpty != false {
                all[host] = "127.0.0.1"
            }
        }
        self.init(
            directory: nil, environment: all, names: inFile.keys.sorted(),
            file: EnvironmentFileCheck(
                path: Self.dotEnv, state: state, maker: "cdb init-env writes it"),
            readers: inFile.isEmpty ? ["cdb"] : ["cdb", "compose"], supervisor: nil,
            words: RemedyWords(directory: nil))
    }

    private init(
        directory: StackDirectory?, environment: [String: String], names: [String],
        file: EnvironmentFileCheck, readers: [String], supervisor: pid_t?, words: RemedyWords
    ) {
        let configurations = readers.map { Configuration(environment: environment, service: $0) }
        let missing = configurations[0].problem(ifMissing: Self.mandatory)
        let usable = Self.usable(environment)
        variables = VariablesCheck(
            problems: Self.once(configurations.flatMap(\.problems) + (missing.map { [$0] } ?? [])),
            warnings: Self.once(configurations.flatMap(\.warnings)),
            unknown: names.filter { !Self.isKnown($0) })
        secrets = SecretsCheck(secrets: readers.flatMap { Self.secrets(usable, $0) })
        address = StackAddress(directory: directory, environment: usable)
        self.file = file
        self.supervisor = supervisor
        self.words = words
    }

    // MARK: Reading

    private static func read(_ path: String) -> (EnvironmentFileCheck.State, String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            let reason = String(cString: strerror(errno))
            return (errno == ENOENT ? .missing : .unreadable(reason), "")
        }
        do throws(PrivateServerError) {
            let text = String(decoding: try Files.read(path), as: UTF8.self)
            return (.readable(mode: UInt32(facts.st_mode) & 0o777), text)
        } catch {
            return (.unreadable(error.description), "")
        }
    }

    private static func isKnown(_ name: String) -> Bool {
        let secret = name.hasSuffix("_FILE") ? String(name.dropLast(5)) : name
        return ConfigurationTable.variable(secret) != nil || name.hasPrefix("COMPOSE_")
            || ConfigurationTable.oldNames.contains { $0.old == name }
    }

    private static func once(_ texts: [String]) -> [String] {
        var kept: [String] = []
        for text in texts where !kept.contains(text) { kept.append(text) }
        return kept
    }

    /// Without what would be refused: one bad variable must not hide all else.
    private static func usable(_ environment: [String: String]) -> [String: String] {
        var usable = environment
        for (old, _) in ConfigurationTable.oldNames { usable[old] = nil }
        for variable in ConfigurationTable.all {
            let names = [variable.name, variable.name + "_FILE"]
            let alone = usable.filter { names.contains($0.key) }
            if !Configuration(environment: alone, service: "cdb").problems.isEmpty {
                for name in names { usable[name] = nil }
            }
        }
        return usable
    }

    private static func secrets(
        _ environment: [String: String], _ reader: String
    ) -> [SecretsCheck.Secret] {
        let configuration = Configuration(environment: environment, service: reader)
        return ConfigurationTable.all.filter { variable in
            let isForCompose = variable.readers == ["compose"]
            return variable.kind == .secret && isForCompose == (reader == "compose")
        }.compactMap { variable in
            configuration.optionalText(variable.name).map { .init(name: variable.name, value: $0) }
        }
    }
}
