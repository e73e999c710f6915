import Glibc
import PrivateServers
import TestKit
import Testing

/// ccxt knows MEXC and nothing of us: what it understands of the simulator is right.
@Suite("The simulated exchange and ccxt")
struct CCXTTests {
    private static let packages = PythonPackages(
        "ccxt", requirements: ["ccxt==4.5.90", "protobuf==5.29.5"],
        proof: "import ccxt.pro, google.protobuf")

    private static let python = packages.interpreter()

    /// The script beside this file.
    private static func script(_ file: String = #filePath) -> String {
        let folders = file.split(separator: "/").dropLast(2)
        return "/" + folders.joined(separator: "/") + "/ccxt/session.py"
    }

    @Test(
        "load_markets, fetch and watch calls for swap markets succeed",
        .enabled("PyPI can be reached") { python != nil })
    func session() throws {
        let simulator = try RunningSimulator()
        var command = Command(
            try #require(Self.python), ["-u", Self.script(), "\(simulator.port)"])
        command.output = .pipe
        command.whenParentEnds = .kill
        let process = try ChildProcess.start(command)
        let output = String(decoding: process.readOutput(), as: UTF8.self)
        print(output)
        #expect(process.wait(seconds: 10) == .exited(0))
        #expect(output.split(separator: "\n").count { $0.hasPrefix("ok ") } == 8)
    }
}
