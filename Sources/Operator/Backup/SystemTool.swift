import Glibc
import PrivateServers

/// A program of the system that does one step of a backup or a restore.
struct SystemTool {
    private static let longestLine = 4_096
    /// How many of its last lines are told when it fails.
    private static let toldLines = 4

    let name: String
    private let path: String

    /// - Parameter path: nil for a program that every Linux has.
    init(_ name: String, at path: String? = nil) throws {
        self.name = name
        self.path = try path ?? Program.find(name, package: name)
    }

    /// What to run; its environment holds nothing but what is given here.
    func command(_ arguments: [String], _ environment: [String: String] = [:]) -> Command {
        let base = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        var command = Command(path, arguments, environment: base.merging(environment) { $1 })
        command.whenParentEnds = .terminate
        command.output = .pipe
        return command
    }

    /// Runs it to its end.
    /// - Parameters:
    ///   - input: an open file.
    ///   - notice: is told every line it says.
    /// - Throws: `CommandFailure` with the last of those lines.
    func run(
        _ arguments: [String], _ environment: [String: String] = [:], input: Int32? = nil,
        _ notice: (String) -> Void = { _ in }
    ) throws {
        var command = command(arguments, environment)
        if let input { command.input = .descriptor(input) }
        let process = try ChildProcess.start(command)
        var last: [String] = []
        func take(_ line: LineSplitter.Line) {
            guard case .complete(let bytes) = line else { return }
            let text = String(decoding: bytes, as: UTF8.self)
            last = last.suffix(Self.toldLines - 1) + [text]
            notice(text)
        }
        var splitter = LineSplitter(limit: Self.longestLine)
        OpenFile.readPieces(process.output) { splitter.take($0, take) }
        splitter.end(take)
        let status = process.stop(signal: 0, seconds: 60)
        guard status.isSuccess else {
            throw CommandFailure.failed(
                "\(name) failed (\(status)): \(last.joined(separator: "; "))")
        }
    }
}
