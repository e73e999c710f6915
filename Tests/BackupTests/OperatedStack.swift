import CoreModels
import Glibc
@testable import Operator
import PrivateServers
import TestKit
import Testing
import WireFormats

/// A stack of `cdb up` that a test drives with the operator's command, as a person does.
struct OperatedStack {
    struct Outcome {
        let code: Int32
        let output: String
    }

    let path: String

    /// Runs `cdb` with these words for this stack.
    @discardableResult
    func cdb(_ words: String..., expecting code: Int32 = 0) throws -> Outcome {
        try Self.cdb(words + ["--dir", path], expecting: code)
    }

    @discardableResult
    static func cdb(
        _ words: [String], _ environment: [String: String] = [:], expecting code: Int32 = 0
    ) throws -> Outcome {
        var command = Command(
            try BuiltPrograms.path("cdb"), words,
            environment: BackedUpMarket.settings.merging(environment) { $1 })
        command.output = .pipe
        let process = try ChildProcess.start(command)
        let output = String(decoding: process.readOutput(), as: UTF8.self)
        let status = process.stop(signal: 0, seconds: 100)
        #expect(status == .exited(code), "cdb \(words.joined(separator: " ")): \(output)")
        return Outcome(code: code, output: output)
    }

    /// Starts it in the background; `cdb replay` brings the market.
    ///
    /// - Parameter portBase: of its ports; without one, those it had or the first free ones.
    func up(portBase: Int? = nil) throws {
        let ports = portBase.map { ["--port-base", "\($0)"] } ?? []
        // It ends by itself if the test is killed.
        try Self.cdb(
            ["up", "--feed", "none", "--for", "300", "--detach", "--dir", path] + ports)
    }

    /// Free ports that no other stack takes while this one is down: others begin at the lowest.
    static func farPorts() throws -> Int {
        let bases = stride(from: 22_000, to: 26_800, by: PortPlan.width).shuffled()
        let far = bases.first { base in
            (base..<base + PortPlan.width).allSatisfy { LoopbackPort.isFree(UInt16($0)) }
        }
        return try #require(far)
    }

    func down() throws { try cdb("down") }

    /// Stops what a test that ended early left behind.
    func end() {
        guard Files.exists("\(path)/up.ready") else { return }
        do { try down() } catch { Issue.record("cdb down: \(error)") }
    }

    /// What cdb_risk says of itself.
    func risk() throws -> Value {
        let report = try cdb("status", "--json").output
        let services = try JSONDocument.parse(Array(report.utf8))["services"]
        return services["cdb_risk"]["status"]
    }

    /// What must be the same in a stack that is restored.
    func holdings() throws -> [Value.Member] {
        let names = [
            "trading", "equity", "day_start_equity", "daily_pnl", "realized_today", "unrealized",
            "exposure", "cash", "positions",
        ]
        let risk = try risk()
        return names.map { Value.Member($0, risk[$0]) }
    }

    /// How many orders were approved, once everything that was signalled is decided.
    func approvedOrders() throws -> Int64 { try risk()["orders_approved"].integer ?? 0 }

    /// `stack.env`.
    func environment() throws -> [String: String] {
        let text = String(decoding: try Files.read("\(path)/stack.env"), as: UTF8.self)
        var variables: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { variables[parts[0]] = parts[1] }
        }
        return variables
    }
}
