import Foundation
import RedisBus
import TestKit

@testable import PrivateServers

/// A Redis started as its container starts it: docker/redis, all of it.
final class BusServer {
    let port: UInt16
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    struct NotReady: Error { let log: String }

    init() throws {
        directory = try TemporaryDirectory()
        port = try LoopbackPort.free()
        var command = Command(
            "/bin/sh",
            [
                ContainerFiles.path("docker/redis/start.sh"), "--bind", "127.0.0.1", "--port",
                "\(port)", "--dir", directory.path,
            ], environment: ContainerFiles.environment)
        command.environment["REDIS_RUN"] = directory.path
        command.output = .file(directory.file("redis.log"))
        command.whenParentEnds = .kill
        process = try ChildProcess.start(command)
        guard eventually({ reply(to: ["PING"], as: "default") == "+PONG" }) else {
            throw NotReady(log: Files.tail(directory.file("redis.log")))
        }
    }

    deinit { process.stop() }

    func settings(_ user: String?, password: String) -> RedisSettings {
        RedisSettings(port: Int(port), user: user, password: password)
    }

    /// The first line that Redis answers to a command; nil when the user is not let in.
    func reply(to words: [String], as user: String) -> String? {
        replies(to: [words], as: user)?.first
    }

    /// All lines that Redis answers, the last one that of QUIT; nil when the user is not let in.
    func replies(to commands: [[String]], as user: String) -> [String]? {
        let login = ["AUTH", user, ContainerFiles.password(of: user)]
        let lines = Self.ask([login] + commands + [["QUIT"]], port: port)
        guard lines.count > 2, lines[0] == "+OK" else { return nil }
        return Array(lines.dropFirst())
    }

    /// The lines that the Redis at a port answers.
    static func ask(_ commands: [[String]], port: UInt16) -> [String] {
        let question = commands.map(encode).joined()
        let answer = LoopbackConnection.ask(Array(question.utf8), port: port) { _ in false }
        return String(decoding: answer ?? [], as: UTF8.self).split(separator: "\r\n")
            .map(String.init)
    }

    /// Whether the user has the right; any other answer than NOPERM says so.
    func allows(_ words: [String], to user: String) -> Bool? {
        reply(to: words, as: user).map { !$0.hasPrefix("-NOPERM") }
    }

    private static func encode(_ words: [String]) -> String {
        words.reduce("*\(words.count)\r\n") { $0 + "$\($1.utf8.count)\r\n\($1)\r\n" }
    }
}
