import PrivateServers
import TestKit

/// The package `websockets` of PyPI: an implementation that shares nothing with ours.
enum PythonWebSockets {
    private static let version = "websockets==15.0.1"

    /// The interpreter that has it; nil, and a line on the output, where PyPI cannot be reached.
    static let python: String? = {
        let home = ProcessEnvironment.current["HOME"] ?? "/tmp"
        let place = "\(home)/.cache/claire-de-binare/websockets"
        let python = "\(place)/bin/python"
        if succeeds(python, ["-c", "import websockets"]) { return python }
        if succeeds("python3", ["-m", "venv", place]),
            succeeds(python, ["-m", "pip", "install", "--quiet", version])
        {
            return python
        }
        print("skipped: PyPI cannot be reached, nothing was checked against \(version)")
        return nil
    }()

    /// Starts a script; its standard output is piped.
    static func start(_ script: String, _ arguments: [String] = []) throws -> ChildProcess {
        var command = Command(python ?? "python3", ["-u", "-c", script] + arguments)
        command.output = .pipeOfStandardOutput
        command.whenParentEnds = .kill
        return try ChildProcess.start(command)
    }

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        var command = Command(program, arguments)
        command.output = .discarded
        do {
            let child = try ChildProcess.start(command)
            return child.wait(seconds: 120)?.isSuccess ?? false
        } catch {
            return false
        }
    }
}
