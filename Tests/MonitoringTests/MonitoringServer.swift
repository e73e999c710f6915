import CoreModels
import Glibc
import PrivateServers
import ServiceKit
import WireFormats

/// A running Prometheus or Alertmanager, asked over HTTP.
final class MonitoringServer {
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    let port: UInt16
    private let log: String
    private let process: ChildProcess

    init(_ program: String, _ words: [String], port: UInt16, log: String) throws {
        self.port = port
        self.log = log
        var command = Command(program, words)
        command.output = .file(log)
        command.ownProcessGroup = true
        command.whenParentEnds = .kill
        process = try ChildProcess.start(command)
    }

    deinit { process.stop(signal: SIGKILL) }

    static func prometheus(_ configuration: String, data: String, port: UInt16) throws
        -> MonitoringServer
    {
        try MonitoringServer(
            "prometheus",
            [
                "--config.file=\(configuration)", "--storage.tsdb.path=\(data)",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ], port: port, log: data + ".log")
    }

    static func alertmanager(_ configuration: String, data: String, port: UInt16) throws
        -> MonitoringServer
    {
        try MonitoringServer(
            "prometheus-alertmanager",
            [
                "--config.file=\(configuration)", "--storage.path=\(data)",
                "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
                "--log.level=warn",
            ], port: port, log: data + ".log")
    }

    var isReady: Bool {
        do {
            return try send("GET", "/-/ready").status == 200
        } catch {
            return false  // It does not listen yet.
        }
    }

    var lastWords: String { Files.tail(log) }

    private func send(
        _ method: String, _ path: String, body: String = ""
    ) throws(HTTPClientError) -> (status: Int, body: [UInt8]) {
        let reply = try HTTPClient(timeoutMilliseconds: 10_000).send(
            method, "http://127.0.0.1:\(port)\(path)", body: Array(body.utf8))
        return (reply.status, reply.body)
    }

    func document(_ path: String) throws -> Value {
        let reply = try send("GET", path)
        let text = String(decoding: reply.body, as: UTF8.self)
        guard reply.status == 200 else { throw Refused(description: "\(path): \(text)") }
        return try JSONDocument.parse(reply.body, limit: 16_000_000)
    }

    func post(_ path: String, _ body: String) throws {
        let reply = try send("POST", path, body: body)
        guard reply.status == 200 else {
            let text = String(decoding: reply.body, as: UTF8.self)
            throw Refused(description: "\(path): \(text)")
        }
    }
}

// MARK: - Prometheus

extension MonitoringServer {
    /// Each series of the answer as a text, and its value; what is no number is left out.
    /// - Throws: `Refused` when Prometheus cannot read the expression.
    func query(_ expression: String) throws -> [(series: String, value: Double)] {
        let answer = try document("/api/v1/query?query=" + Self.percentEncoded(expression))
        return (answer["data"]["result"].list ?? []).compactMap { row in
            guard let number = row["value"].list?.last?.text.flatMap(Double.init), !number.isNaN
            else { return nil }
            let labels = (row["metric"].members ?? []).map { "\($0.name)=\($0.value.text ?? "")" }
            return (labels.joined(separator: ","), number)
        }
    }

    /// All that the targets announce, with or without a sample.
    func exportedFamilies() throws -> Set<String> {
        Set((try document("/api/v1/metadata")["data"].members ?? []).map(\.name))
    }

    /// The alerting rules as Prometheus has loaded them.
    func rules() throws -> [(alert: String, expression: String, health: String, error: String)] {
        let groups = try document("/api/v1/rules?type=alert")["data"]["groups"].list ?? []
        return groups.flatMap { $0["rules"].list ?? [] }.map {
            (
                $0["name"].text ?? "", $0["query"].text ?? "", $0["health"].text ?? "",
                $0["lastError"].text ?? ""
            )
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { byte in
            plain.contains(byte)
                ? String(UnicodeScalar(byte))
                : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}

// MARK: - Alertmanager

extension MonitoringServer {
    /// The alerts of this name that it has.
    func alerts(_ name: String) throws -> [Value] {
        (try document("/api/v2/alerts").list ?? []).filter {
            $0["labels"]["alertname"].text == name
        }
    }
}
