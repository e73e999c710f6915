import PrivateServers

/// Packages of PyPI in a Python environment of their own, made once and kept under
/// `~/.cache/claire-de-binare` (`CDB_PYTHON_CACHE` names another place): independent
/// implementations to test against.
public struct PythonPackages: Sendable {
    /// The environment's directory.
    private let name: String
    /// As pip takes them: `ccxt==4.5.90`.
    private let requirements: [String]
    /// A line of Python that works where they are installed.
    private let proof: String

    public init(_ name: String, requirements: [String], proof: String) {
        self.name = name
        self.requirements = requirements
        self.proof = proof
    }

    /// The interpreter that has them; nil, and a line on the output, where PyPI cannot be reached.
    public func interpreter() -> String? {
        let environment = ProcessEnvironment.current
        let home = environment["HOME"] ?? "/tmp"
        let cache = environment["CDB_PYTHON_CACHE"] ?? "\(home)/.cache/claire-de-binare"
        let python = "\(cache)/\(name)/bin/python"
        if Self.succeeds(python, ["-c", proof]) { return python }
        if Self.succeeds("python3", ["-m", "venv", "\(cache)/\(name)"]),
            Self.succeeds(python, ["-m", "pip", "install", "--quiet"] + requirements),
            Self.succeeds(python, ["-c", proof])
        {
            return python
        }
        let wanted = requirements.joined(separator: ", ")
        print("skipped: PyPI cannot be reached, nothing was checked against \(wanted)")
        return nil
    }

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        var command = Command(program, arguments)
        command.output = .discarded
        command.whenParentEnds = .kill
        do {
            return try ChildProcess.start(command).wait(seconds: 300)?.isSuccess ?? false
        } catch {
            return false  // No such program here.
        }
    }
}
