public import CoreModels

/// What a service was told by its environment, checked as a whole and read once at start.
///
/// Reading a variable that the table does not give to this service is a bug and stops.
public struct Configuration: Sendable {
    /// `cdb_risk`; `cdb` (the operator's command) reads every variable and needs none.
    public let service: String
    /// Why the service must not start; empty when it may. Without secrets.
    public private(set) var problems: [String] = []
    /// What was replaced, and by what.
    public private(set) var warnings: [String] = []
    private var contents: [String: VariableReading.Content] = [:]
    private var given: Set<String> = []

    /// Reads the variables of one service.
    public init(environment: [String: String], service: String) {
        self.service = service
        refuseOldNames(in: environment)
        var missing: [Variable] = []
        for variable in ConfigurationTable.all where isReader(of: variable) {
            if let text = text(of: variable, in: environment) {
                take(text, of: variable)
            } else if variable.isMandatory, service != "cdb" {
                missing.append(variable)
            }
        }
        if let problem = Self.problem(missing: missing) { problems.insert(problem, at: 0) }
    }

    /// For the pure cores by hand: any variable may be set, none must be; unknown names are problems.
    public init(overrides: [String: String]) {
        self.init(environment: overrides, service: "cdb")
        let old = ConfigurationTable.oldNames.map(\.old)
        for name in overrides.keys.sorted()
        where ConfigurationTable.variable(name) == nil && !old.contains(name) {
            problems.append("\(name) is no variable of the configuration")
        }
    }

    /// Names of the given variables that are not set, as one sentence with the remedy; nil when all
    /// are. For commands that need them only sometimes.
    public func problem(ifMissing names: [String]) -> String? {
        Self.problem(
            missing: ConfigurationTable.all.filter {
                names.contains($0.name) && contents[$0.name] == nil
            })
    }

    // MARK: - Values

    public func integer(_ name: String) -> Int {
        guard case .number(let number) = content(name) else { Self.unexpected(name) }
        return Int(number.raw / FixedArithmetic.one)
    }

    /// The number in the unit of the result: `let smallest: Money = configuration.decimal("…")`.
    public func decimal<Unit>(_ name: String) -> Fixed<Unit> {
        guard case .number(let number) = content(name) else { Self.unexpected(name) }
        return Fixed(raw: number.raw)
    }

    /// A text, secret or choice; nil when it is not set and has no default.
    public func optionalText(_ name: String) -> String? {
        switch content(name) {
        case .text(let text): text
        case nil: nil
        case .number, .flag, .list: Self.unexpected(name)
        }
    }

    /// As `optionalText`, empty when it is not set.
    public func text(_ name: String) -> String { optionalText(name) ?? "" }

    public func flag(_ name: String) -> Bool {
        guard case .flag(let flag) = content(name) else { Self.unexpected(name) }
        return flag
    }

    /// The words of a list; empty when it is not set.
    public func list(_ name: String) -> [String] {
        switch content(name) {
        case .list(let words): words
        case nil: []
        case .number, .text, .flag: Self.unexpected(name)
        }
    }

    /// Whether the variable was given, rather than its default taken.
    public func isGiven(_ name: String) -> Bool { given.contains(name) }

    /// Everything in force, in the table's order, secrets left out.
    public var described: [Value.Member] {
        ConfigurationTable.all.compactMap { variable in
            guard isReader(of: variable), variable.kind != .secret else { return nil }
            return Value.Member(variable.name, Self.value(effective(variable)))
        }
    }

    // MARK: - Reading

    private func isReader(of variable: Variable) -> Bool {
        service == "cdb" ? variable.readers != ["compose"] : variable.readers.contains(service)
    }

    private mutating func refuseOldNames(in environment: [String: String]) {
        for (old, new) in ConfigurationTable.oldNames where environment[old]?.isEmpty == false {
            problems.append("\(old) is an old name: set \(new) instead")
        }
    }

    /// The variable's text; for a secret also from the file that `NAME_FILE` names. Empty is unset.
    private mutating func text(
        of variable: Variable, in environment: [String: String]
    ) -> String? {
        let direct = environment[variable.name].map(VariableReading.trimmed) ?? ""
        let path = environment[variable.name + "_FILE"] ?? ""
        guard variable.kind == .secret, !path.isEmpty else { return direct.isEmpty ? nil : direct }
        guard direct.isEmpty else {
            problems.append("\(variable.name) and \(variable.name)_FILE are both set: keep one")
            return direct
        }
        do {
            return try SecretFile.read(path)
        } catch {
            problems.append("\(variable.name)_FILE: \(error)")
            // Not missing as well: one fault is one problem.
            return "unreadable"
        }
    }

    private mutating func take(_ text: String, of variable: Variable) {
        given.insert(variable.name)
        switch VariableReading(text, of: variable) {
        case .value(let content): contents[variable.name] = content
        case .replaced(let content, let warning):
            contents[variable.name] = content
            warnings.append(warning)
        case .problem(let problem): problems.append(problem)
        }
        if variable.name == "TRADING_MODE", contents[variable.name] == .text("live") {
            problems.append(
                "TRADING_MODE=live is refused: this version trades on paper only; "
                    + "set TRADING_MODE=paper")
        }
    }

    private static func problem(missing: [Variable]) -> String? {
        guard !missing.isEmpty else { return nil }
        let names = missing.map(\.name).joined(separator: ", ")
        let hasSecret = missing.contains { $0.kind == .secret }
        return "missing: \(names); set each in the environment or in .env (see .env.example)"
            + (hasSecret ? ", a secret also as NAME_FILE with the path of a file" : "")
    }

    private func content(_ name: String) -> VariableReading.Content? {
        guard let variable = ConfigurationTable.variable(name), isReader(of: variable) else {
            preconditionFailure("\(service) reads \(name), which the table does not give to it")
        }
        return effective(variable)
    }

    private func effective(_ variable: Variable) -> VariableReading.Content? {
        if let content = contents[variable.name] { return content }
        guard let text = variable.defaultText,
            case .value(let content) = VariableReading(text, of: variable)
        else { return nil }
        return content
    }

    private static func unexpected(_ name: String) -> Never {
        preconditionFailure("\(name) is read as another kind than the table says")
    }

    private static func value(_ content: VariableReading.Content?) -> Value {
        switch content {
        // A port is 6379, not 6379.0.
        case .number(let number) where number.raw % FixedArithmetic.one == 0:
            .integer(Int64(clamping: number.raw / FixedArithmetic.one))
        case .number(let number): .number(number)
        case .text(let text): .text(text)
        case .flag(let flag): .flag(flag)
        case .list(let words): .list(words.map { .text($0) })
        case nil: .null
        }
    }
}
