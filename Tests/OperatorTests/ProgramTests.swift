import Glibc
import Testing

@testable import Operator

@Suite("The program")
struct ProgramTests {
    /// What a run leaves on standard output and error, and its exit code.
    private func run(
        _ words: String..., environment: [String: String] = [:]
    ) throws -> (code: Int32, output: String, error: String) {
        let output = try Capture()
        let error = try Capture()
        let code = Operator.run(
            words, environment, Console(output: output.descriptor, error: error.descriptor))
        return (code, output.text, error.text)
    }

    @Test("without words shows its commands, and exits with 0")
    func overview() throws {
        #expect(try run().output == Operator.overview)
        #expect(try run("help").code == 0)
        #expect(try run("help", "up").output == UpCommand.syntax.help)
        #expect(try run("up", "--help").output == UpCommand.syntax.help)
    }

    @Test(
        "used wrongly exits with 2 and says why on standard error",
        arguments: [
            (["dance"], "cdb: dance is no command"), (["help", "dance"], "cdb help: dance"),
            (["halt"], "cdb halt: --reason is missing"), (["release", "--rebase"], "cdb release:"),
            (["emit", "orders", "{}"], "cdb emit: orders is no channel"),
            (["emit", "signals", "{}"], "cdb emit: this is no message for signals"),
            (["trace", "dance"], "cdb trace: dance is no core"),
            (["trace", "risk", "--set", "DANCE=1"], "cdb trace: DANCE is no variable"),
            (["up", "--port-base", "80"], "cdb up: --port-base 80: a whole number"),
            (["up", "--data", "/nowhere.csv"], "cdb up: /nowhere.csv: cannot be read"),
            (["healthcheck", "ftp://x"], "cdb healthcheck: ftp://x is no address"),
            (["replay"], "cdb replay: a replay needs files"),
        ])
    func wrongUse(words: [String], message: String) throws {
        let output = try Capture()
        let error = try Capture()
        let console = Console(output: output.descriptor, error: error.descriptor)
        #expect(Operator.run(words, [:], console) == 2)
        #expect(output.text.isEmpty)
        #expect(error.text.hasPrefix(message), "\(error.text)")
    }

    @Test(
        "that cannot do what it is asked exits with 1",
        arguments: [
            ["healthcheck", "http://127.0.0.1:1/livez"], ["status", "--dir", "/nowhere"],
            ["down", "--dir", "/nowhere"], ["logs", "up", "--dir", "/nowhere"],
            ["verify", "--dir", "/nowhere"],
        ])
    func failed(words: [String]) throws {
        let output = try Capture()
        let error = try Capture()
        let console = Console(output: output.descriptor, error: error.descriptor)
        #expect(Operator.run(words, [:], console) == 1)
        #expect(!error.text.isEmpty)
    }

    @Test("names every variable that is missing to find a stack")
    func missing() throws {
        let error = try run("verify", "--json", environment: ["POSTGRES_HOST": "127.0.0.1"]).error
        #expect(error.contains("POSTGRES_USER") && error.contains("POSTGRES_PASSWORD"))
    }

    @Test("tells its version to people and to machines")
    func version() throws {
        #expect(try run("version").output == "cdb 0.1.0\n")
        #expect(try run("version", "--json").output == "{\"version\":\"0.1.0\"}\n")
        #expect(try run("--version").output == "cdb 0.1.0\n")
    }
}

/// A pipe that is read after the writing.
final class Capture {
    let descriptor: Int32
    private let reader: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        (reader, descriptor) = (ends[0], ends[1])
        // A page of help is far smaller than a pipe; nothing blocks.
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(reader)
        close(descriptor)
    }

    var text: String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(reader, &piece, piece.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }
}
