import CoreModels
import Glibc
import PrivateServers
import ServiceKit
import TestKit
import WebTransport
import WireFormats

/// A `mexc_sim` of a test's own on a free port.
final class RunningSimulator {
    struct NotListening: Error {}

    let port: UInt16
    let process: ChildProcess
    private let directory: TemporaryDirectory

    init(_ words: [String] = []) throws {
        directory = try TemporaryDirectory()
        let log = directory.file("sim.log")
        var command = Command(try Programs.path("mexc_sim"), ["--port", "0"] + words)
        command.output = .file(log)
        command.whenParentEnds = .kill
        process = try ChildProcess.start(command)
        let running = process
        var found: UInt16?
        _ = try eventually {
            found = try Self.port(log)
            return found != nil || !running.isRunning
        }
        guard let found else { throw NotListening() }
        port = found
    }

    deinit {
        process.signal(SIGKILL)
        _ = process.wait(seconds: 10)
    }

    /// The port that its first line tells.
    private static func port(_ log: String) throws -> UInt16? {
        guard Files.exists(log) else { return nil }
        let lines = try Files.read(log).split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first, first.last == UInt8(ascii: "}") else { return nil }
        let port = try JSONDocument.parse(Array(first))["fields"]["port"].integer
        return port.flatMap { UInt16(exactly: $0) }
    }

    func get(_ path: String) throws -> (status: Int, body: Value) {
        let reply = try HTTPClient(timeoutMilliseconds: 10_000).send(
            "GET", "http://127.0.0.1:\(port)\(path)", bearer: nil, body: [])
        return (reply.status, try JSONDocument.parse(reply.body, limit: JSONReader.frameLimit))
    }

    func fault(_ json: String) throws -> Int {
        try HTTPClient(timeoutMilliseconds: 10_000).send(
            "POST", "http://127.0.0.1:\(port)/sim/faults", bearer: nil, body: Array(json.utf8)
        ).status
    }

    /// A client whose socket is open.
    func client() throws -> WebSocketClient {
        let client = try WebSocketClient(url: "ws://127.0.0.1:\(port)/edge")
        client.connect()
        let answer = client.first {
            switch $0 {
            case .opened, .closed: true
            case .message: false
            }
        }
        guard answer == .opened else { throw NotListening() }
        return client
    }
}

extension WebSocketClient {
    /// The first event that fits, waited for; those before it are passed over. Nil: none came.
    func first(where fits: (Event) throws -> Bool) rethrows -> Event? {
        let end = SystemClock.monotonicMilliseconds + 20_000
        while SystemClock.monotonicMilliseconds < end {
            _ = Poller.wait(for: fileDescriptor, .readable, milliseconds: 100)
            while let event = takeEvents(limit: 1).first {
                if try fits(event) { return event }
            }
        }
        return nil
    }
}
