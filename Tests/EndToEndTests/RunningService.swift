import CoreModels
import Glibc
import PrivateServers
import ServiceKit
import WireFormats

/// One service as a child process.
final class RunningService {
    let name: String
    let port: UInt16
    let log: String
    let environment: [String: String]
    private(set) var process: ChildProcess

    /// - Parameter name: of the executable: `cdb_risk`.
    init(
        _ name: String, environment: [String: String], port: UInt16, log: String
    ) throws {
        self.name = name
        self.port = port
        self.log = log
        var environment = environment
        environment["\(name.uppercased())_PORT"] = "\(port)"
        self.environment = environment
        process = try Self.start(name, environment, log)
    }

    private static func start(
        _ name: String, _ environment: [String: String], _ log: String
    ) throws -> ChildProcess {
        var command = Command(try Programs.path(name), [], environment: environment)
        command.output = .file(log)
        command.ownProcessGroup = true
        command.whenParentEnds = .kill
        return try ChildProcess.start(command)
    }

    /// As a crash: no chance to finish anything.
    func kill() {
        process.signal(SIGKILL)
        _ = process.wait(seconds: 60)
    }

    var isRunning: Bool { process.isRunning }
    /// How it ended, or nil while it runs.
    var exitStatus: ExitStatus? { process.exitStatus }

    func freeze() { process.signal(SIGSTOP) }
    func thaw() { process.signal(SIGCONT) }

    func restart() throws {
        kill()
        process = try Self.start(name, environment, log)
    }

    // MARK: What it says

    /// Status and body of a page; nil when there is no answer.
    func page(_ path: String) -> (status: Int, body: String)? { send("GET", path) }

    func send(
        _ method: String, _ path: String, token: String? = nil, body: String = "",
        seconds: Int64 = 5
    ) -> (status: Int, body: String)? {
        do throws(HTTPClientError) {
            let reply = try HTTPClient(timeoutMilliseconds: seconds * 1000).send(
                method, "http://127.0.0.1:\(port)\(path)", bearer: token, body: Array(body.utf8))
            return (reply.status, String(decoding: reply.body, as: UTF8.self))
        } catch {
            return nil  // Not listening yet, or no more.
        }
    }

    /// The page as a JSON document; `.null` without an answer.
    func document(_ path: String) throws -> Value {
        guard let reply = page(path) else { return .null }
        return try JSONDocument.parse(Array(reply.body.utf8))
    }

    var isReady: Bool { page("/readyz")?.status == 200 }

    /// Whether `/readyz` answers 503 and names this check as failed.
    func failsCheck(_ name: String) throws -> Bool {
        guard let reply = page("/readyz"), reply.status == 503 else { return false }
        let page = try JSONDocument.parse(Array(reply.body.utf8))
        return (page["checks"].list ?? []).contains {
            $0["name"].text == name && $0["status"].text == "failed"
        }
    }

    /// The value of a series of `/metrics`, labels as they stand there; nil when it is not there.
    func metric(_ series: String) -> Double? {
        let lines = (page("/metrics")?.body ?? "").split(separator: "\n")
        let line = lines.first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// The sum of a metric's series that have this label: `kind="pong"`.
    func total(_ name: String, _ label: String) -> Double {
        (page("/metrics")?.body ?? "").split(separator: "\n").reduce(0) { sum, line in
            guard line.hasPrefix(name + "{"), line.contains(label),
                let blank = line.lastIndex(of: " ")
            else { return sum }
            return sum + (Double(line[line.index(after: blank)...]) ?? 0)
        }
    }

    /// Its log so far.
    func logText() throws -> String {
        Files.exists(log) ? String(decoding: try Files.read(log), as: UTF8.self) : ""
    }

    func logLines(with text: String) throws -> Int {
        try logText().split(separator: "\n").count { $0.contains(text) }
    }
}
