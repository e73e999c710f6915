import Foundation
import ServiceKit
import Testing

@testable import Operator

@Suite("cdb init-env")
struct InitEnvironmentTests {
    private let directory: URL
    private var file: String { directory.appendingPathComponent(".env").path }

    init() throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("init-env-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func run(_ words: String...) throws -> (code: Int32, output: String, error: String) {
        let output = try Capture()
        let error = try Capture()
        let code = Operator.run(
            ["init-env"] + words, [:],
            Console(output: output.descriptor, error: error.descriptor))
        return (code, output.text, error.text)
    }

    private func values(_ text: String) -> [String: String] {
        StackEnvironment(text: text).dictionary
    }

    @Test("fills in all that .env.example leaves empty, each secret of its own, for its owner only")
    func writes() throws {
        defer { remove() }
        #expect(try run("--file", file).code == 0)
        let values = values(try String(contentsOfFile: file, encoding: .utf8))
        for variable in ConfigurationTable.all where variable.isMandatory {
            #expect(values[variable.name]?.isEmpty == false, "\(variable.name)")
        }
        let secrets = ConfigurationTable.all.filter { $0.kind == .secret }
            .compactMap { values[$0.name] }
        #expect(secrets.count == ConfigurationTable.all.count { $0.kind == .secret })
        #expect(Set(secrets).count == secrets.count)
        #expect(secrets.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
        #expect(values["POSTGRES_USER"] == "cdb_owner")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(Configuration(environment: values, service: "cdb_risk").problems.isEmpty)
    }

    @Test("leaves a file that is there, unless told to replace it")
    func keeps() throws {
        defer { remove() }
        try "mine\n".write(toFile: file, atomically: false, encoding: .utf8)
        let refused = try run("--file", file)
        #expect(refused.code == 1)
        #expect(refused.error.contains("--force"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine\n")
        #expect(try run("--file", file, "--force").code == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(values(try String(contentsOfFile: file, encoding: .utf8)).count > 10)
    }

    @Test("prints to standard output, with other secrets each time")
    func prints() throws {
        defer { remove() }
        let first = try run("--file", "-")
        let second = try run("--file", "-")
        #expect(first.code == 0)
        #expect(values(first.output)["REDIS_PASSWORD"] != values(second.output)["REDIS_PASSWORD"])
        let names = { Set(values($0).keys) }
        #expect(names(first.output) == names(EnvironmentFile.example).union(["CDB_OPERATOR_TOKEN"]))
    }

    private func remove() {
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            Issue.record(error)
        }
    }
}
