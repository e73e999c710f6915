import Glibc
import Ledger
import PrivateServers
import TestKit
import Testing

@Suite("Backup and restore of the environment's database", .serialized)
struct EnvironmentTests {
    @Test("all of a database goes into an empty one, and into a used one by force only")
    func restores() throws {
        let directory = try TemporaryDirectory()
        let old = try BackedUpDatabase()
        try old.fill()
        let archive = directory.file("one.tar")
        #expect(try old.cdb("backup", "--out", archive).contains("is written"))

        let new = try BackedUpDatabase()
        #expect(try new.cdb("restore", archive).contains("the ledger is whole"))
        let state = try SharedServers.postgres().execute(
            "SELECT service, key FROM service_state", database: new.name)
        #expect(state == "cdb_risk|halt")
        #expect(
            try new.cdb("restore", archive, expecting: 1).contains("this stack is not empty"))
        try SharedServers.postgres().execute("DELETE FROM service_state", database: new.name)
        try SharedServers.postgres().execute(
            "INSERT INTO service_state VALUES ('cdb_core', 'x', 1, '{}')", database: new.name)
        try new.cdb("restore", archive, "--force")
        let replaced = try SharedServers.postgres().execute(
            "SELECT service, key FROM service_state", database: new.name)
        #expect(replaced == "cdb_risk|halt")
    }

    @Test("a database that services use, or that something else uses, is left alone")
    func refuses() throws {
        let directory = try TemporaryDirectory()
        let old = try BackedUpDatabase()
        try old.fill()
        let archive = directory.file("one.tar")
        try old.cdb("backup", "--out", archive)
        let session = try old.connect()
        try session.execute("SELECT pg_advisory_lock(1)")
        #expect(
            try old.cdb("restore", archive, "--force", expecting: 1)
                .contains("a test use this database: stop the services first"))
        session.close()

        let foreign = try BackedUpDatabase()
        try SharedServers.postgres().execute("CREATE TABLE mine (x int)", database: foreign.name)
        #expect(
            try foreign.cdb("restore", archive, "--force", expecting: 1)
                .contains("holds tables of something else"))
    }

    @Test("damage in any member is named, and nothing is touched")
    func damage() throws {
        let directory = try TemporaryDirectory()
        let database = try BackedUpDatabase()
        try database.fill()
        let archive = directory.file("whole.tar")
        try database.cdb("backup", "--out", archive)
        let whole = try Files.read(archive)
        // A checksum that is damaged is that of a member.
        let members = BackupArchiveMembers.all.map { ($0, $0) } + [("SHA256SUMS", "manifest.json")]
        for (member, named) in members {
            var bytes = whole
            bytes[try #require(BackupArchiveMembers.start(of: member, in: whole))] ^= 1
            let text = try refusal(bytes, directory)
            #expect(text.contains("is damaged: \(named) is not what was backed up"), "\(text)")
        }
        let half = Array(whole[..<(whole.count / 2)])
        #expect(try refusal(half, directory).contains("is damaged: "))
        #expect(try refusal(Array("no archive".utf8), directory).contains("is no backup"))
    }

    private func refusal(_ bytes: [UInt8], _ directory: TemporaryDirectory) throws -> String {
        let (path, target) = (directory.file("damaged.tar"), directory.file("target"))
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(file) }
        #expect(bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count)
        let outcome = try OperatedStack.cdb(["restore", path, "--dir", target], expecting: 1)
        #expect(!Files.exists(target))
        return outcome.output
    }

    @Test("a backup without Redis is good and says so; passwords in addresses stay out")
    func withoutRedis() throws {
        let directory = try TemporaryDirectory()
        let database = try BackedUpDatabase(redisPort: LoopbackPort.free())
        try database.fill()
        let archive = directory.file("one.tar")
        #expect(
            try database.cdb("backup", "--out", archive).contains("without a snapshot of Redis"))
        let text = String(decoding: try Files.read(archive), as: UTF8.self)
        #expect(text.contains("LOOKBACK_MINUTES=7"))
        for secret in ["hidden", "postgres secret", "redis secret"] {
            #expect(!text.contains(secret), "\(secret)")
        }
        #expect(try BackedUpDatabase().cdb("restore", archive).contains("the ledger is whole"))
    }

    @Test("a backup that cannot be written exits with 1 and leaves nothing")
    func noSpace() throws {
        let directory = try TemporaryDirectory()
        let database = try BackedUpDatabase(redisPort: LoopbackPort.free())
        try database.fill()
        let out = directory.file("archives")
        // No file above 8 KiB: what a full disk does, for this process only.
        let program = try BuiltPrograms.path("cdb")
        var command = Command(
            "sh", ["-c", "ulimit -f 16; exec \(program) backup --out \(out)"],
            environment: BackedUpMarket.settings.merging(database.environment) { $1 })
        command.output = .pipe
        let process = try ChildProcess.start(command)
        let text = String(decoding: process.readOutput(), as: UTF8.self)
        #expect(process.stop(signal: 0, seconds: 60) == .exited(1))
        #expect(text.contains("pg_dump failed"), "\(text)")
        #expect(Files.entries(of: out).isEmpty)
    }
}
