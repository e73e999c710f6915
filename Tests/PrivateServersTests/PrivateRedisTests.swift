import Glibc
import PrivateServers
import TestKit
import Testing

@Suite("A private Redis")
struct PrivateRedisTests {
    @Test("answers its password only, keeps its data through a crash and a restart")
    func lifeOfAServer() throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(directory: directory.path, password: "pass \"word\\")
        defer { redis.stop() }
        #expect(redis.isRunning)
        #expect(try ask(redis, "SET", "key", "value") == "OK")
        #expect(try ask(redis, "CONFIG", "GET", "maxmemory-policy").hasSuffix("noeviction"))
        #expect(try ask(redis, "CONFIG", "GET", "appendonly").hasSuffix("yes"))
        #expect(try ask(redis, password: "wrong", "PING").contains("NOAUTH"))
        #expect(mode("\(directory.path)/redis.conf") == 0o600)

        // appendfsync everysec: what was written to the file survives the process, not the machine.
        redis.kill()
        #expect(!redis.isRunning)
        #expect(redis.exitStatus == .signaled(SIGKILL))
        try redis.restart()
        #expect(redis.isRunning)
        #expect(try ask(redis, "GET", "key") == "value")

        redis.stop()
        #expect(redis.exitStatus == .exited(0))
        try redis.restart()
        #expect(try ask(redis, "GET", "key") == "value")
    }

    @Test("listens on its Unix socket where the path is short enough, and on none elsewhere")
    func socketPath() throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(directory: directory.path, password: "x")
        defer { redis.stop() }
        let socket = try #require(redis.socketPath)
        #expect(Files.exists(socket))
        let long = directory.file(String(repeating: "d", count: 100))
        let other = try PrivateRedis.start(directory: long, password: "x")
        defer { other.stop() }
        #expect(other.socketPath == nil)
        #expect(try ask(other, "PING") == "PONG")
    }

    @Test("names the port that another program has taken")
    func portTaken() throws {
        let directory = try TemporaryDirectory()
        let first = try PrivateRedis.start(directory: directory.file("a"), password: "x")
        defer { first.stop() }
        #expect(throws: PrivateServerError.portTaken(port: first.port, server: "redis-server")) {
            try PrivateRedis.start(
                directory: directory.file("b"), port: first.port, password: "x")
        }
    }

    @Test("stops the server of an earlier run that still holds the directory")
    func earlierRun() throws {
        let directory = try TemporaryDirectory()
        let first = try PrivateRedis.start(directory: directory.path, password: "x")
        let second = try PrivateRedis.start(
            directory: directory.path, port: first.port, password: "y")
        defer { second.stop() }
        #expect(!first.isRunning)
        #expect(try ask(second, "PING") == "PONG")
    }

    @Test("reports the end of its log when it cannot start")
    func badSettings() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: PrivateServerError.self) {
            try PrivateRedis.start(
                directory: directory.path, password: "x", settings: ["no-such-setting 1"])
        }
        #expect("\(try #require(error))".contains("no-such-setting"))
    }

    @Test("refuses a password that would break its configuration", arguments: ["", "a\nb"])
    func badPassword(_ password: String) throws {
        let directory = try TemporaryDirectory()
        #expect(throws: PrivateServerError.self) {
            try PrivateRedis.start(directory: directory.path, password: password)
        }
    }

    private func ask(
        _ redis: PrivateRedis, password: String? = nil, _ words: String...
    ) throws -> String {
        var command = Command("redis-cli", ["-p", "\(redis.port)", "--no-auth-warning"] + words)
        command.environment["REDISCLI_AUTH"] = password ?? redis.password
        command.output = .pipe
        let process = try ChildProcess.start(command)
        let text = String(decoding: process.readOutput(), as: UTF8.self)
        process.stop(signal: 0)
        return text.split(separator: "\n").joined(separator: "\n")
    }

    private func mode(_ path: String) -> mode_t {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o777 : 0
    }
}
