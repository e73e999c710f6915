import Glibc
import PrivateServers
import TestKit
import Testing

@Suite("A private Postgres")
struct PrivatePostgresTests {
    @Test("keeps what was committed through a crash and a restart")
    func lifeOfAServer() throws {
        let directory = try TemporaryDirectory()
        let postgres = try PrivatePostgres.start(directory: directory.path, password: "it's")
        defer { postgres.stop() }
        #expect(postgres.isRunning)
        try postgres.execute("CREATE TABLE kept AS SELECT 7 AS number")
        #expect(try postgres.execute("SHOW fsync") == "on")
        #expect(try postgres.execute("SHOW server_encoding") == "UTF8")
        #expect(try postgres.execute("SHOW lc_collate") == "C")

        postgres.kill()
        #expect(postgres.exitStatus == .signaled(SIGKILL))
        try postgres.restart()
        #expect(try postgres.execute("SELECT number FROM kept") == "7")

        postgres.stop()
        #expect(postgres.exitStatus == .exited(0))
        let again = try PrivatePostgres.start(directory: directory.path, password: "it's")
        defer { again.stop() }
        #expect(try again.execute("SELECT number FROM kept") == "7")
    }

    @Test("refuses a wrong password, on TCP and on its Unix socket")
    func wrongPassword() throws {
        let postgres = try SharedServers.postgres()
        let hosts = ["127.0.0.1"] + (postgres.socketDirectory.map { [$0] } ?? [])
        #expect(hosts.count == 2)
        for host in hosts {
            #expect(try login(postgres, host: host, password: postgres.password) == "1\n")
            #expect(
                try login(postgres, host: host, password: "wrong").contains(
                    "password authentication failed"))
        }
    }

    @Test("names the port that another program has taken")
    func portTaken() throws {
        let directory = try TemporaryDirectory()
        let taken = try SharedServers.redis().port
        #expect(throws: PrivateServerError.portTaken(port: taken, server: "postgres")) {
            try PrivatePostgres.start(
                directory: directory.path, port: taken, password: "x", isDurable: false)
        }
    }

    @Test("starts over a lock file whose process id now belongs to something else")
    func staleLockFile() throws {
        let directory = try TemporaryDirectory()
        let postgres = try PrivatePostgres.start(
            directory: directory.path, password: "x", isDurable: false)
        defer { postgres.stop() }
        let lockFile = "\(postgres.dataDirectory)/postmaster.pid"
        let lines = String(decoding: try Files.read(lockFile), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        postgres.kill()
        let forged = (["\(getpid())"] + lines.dropFirst()).joined(separator: "\n")
        try Files.write(forged, to: lockFile)
        try #require(chmod(lockFile, 0o644) == 0)
        let again = try PrivatePostgres.start(
            directory: directory.path, password: "x", isDurable: false)
        defer { again.stop() }
        #expect(try again.execute("SELECT 1") == "1")
    }

    @Test("stops the server of an earlier run that still holds the directory")
    func earlierRun() throws {
        let directory = try TemporaryDirectory()
        let first = try PrivatePostgres.start(
            directory: directory.path, password: "x", isDurable: false)
        let second = try PrivatePostgres.start(
            directory: directory.path, port: first.port, password: "x", isDurable: false)
        defer { second.stop() }
        #expect(!first.isRunning)
        #expect(try second.execute("SELECT 1") == "1")
    }

    @Test(
        "finds a reachable place for its data when its account cannot pass",
        .enabled(if: geteuid() == 0, "only root runs it under another account"))
    func unreachableDirectory() throws {
        let directory = try TemporaryDirectory()
        try #require(chmod(directory.path, 0o700) == 0)
        let home = directory.file("stack")
        let postgres = try PrivatePostgres.start(directory: home, password: "x", isDurable: false)
        #expect(postgres.dataDirectory.hasPrefix("/var/lib/claire-de-binare/"))
        try postgres.execute("CREATE TABLE kept AS SELECT 7 AS number")
        postgres.stop()
        let again = try PrivatePostgres.start(directory: home, password: "x", isDurable: false)
        #expect(try again.execute("SELECT number FROM kept") == "7")
        again.stop()
        Files.removeTree(home)
        let fresh = try PrivatePostgres.start(directory: home, password: "y", isDurable: false)
        defer {
            fresh.stop()
            Files.removeTree(fresh.dataDirectory)
        }
        #expect(try fresh.execute("SELECT to_regclass('kept') IS NULL") == "t")
    }

    private func login(
        _ postgres: PrivatePostgres, host: String, password: String
    ) throws -> String {
        var command = Command(
            "psql",
            [
                "-X", "-A", "-t", "-w", "-h", host, "-p", "\(postgres.port)", "-U",
                postgres.user, "-d", "postgres", "-c", "SELECT 1",
            ])
        command.environment["PGPASSWORD"] = password
        command.output = .pipe
        let process = try ChildProcess.start(command)
        let text = String(decoding: process.readOutput(), as: UTF8.self)
        process.stop(signal: 0)
        return text
    }
}
