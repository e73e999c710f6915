import CoreModels
import Ledger
import PrivateServers
import TestKit
import Testing
import WireFormats

@testable import Operator

@Suite("Archives")
struct ArchiveTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let day: Int64 = 86_400_000

    private func manifest(
        source: String = "/stack", age days: Int64 = 0, schema: Int64 = 3, server: Int = 150_014
    ) -> BackupManifest {
        BackupManifest(
            source: source, created: Self.now.advanced(by: -days * Self.day), version: "0.1.0",
            database: DatabaseFacts(
                server: server, schema: schema, roles: ["cdb_core"],
                heads: [.init(stream: "signals", sequence: 7, hash: "ab")]), hasRedis: false)
    }

    /// An archive that holds this manifest and nothing else worth a look.
    private func pack(_ manifest: BackupManifest, as path: String) throws {
        let work = try TemporaryDirectory()
        let text = String(decoding: JSONWriter.bytes(manifest.value), as: UTF8.self)
        for member in BackupArchive.Member.allCases {
            try Files.write(member == .manifest ? text : "", to: work.file(member.rawValue))
        }
        // A draft lies in the file system of its archive: both are below /tmp here.
        _ = try BackupArchive.pack(work.path, as: path)
    }

    @Test("a manifest is read as it was written")
    func roundTrip() throws {
        let directory = try TemporaryDirectory()
        let archive = BackupArchive(path: directory.file("one.tar"))
        try pack(manifest(), as: archive.path)
        try archive.check()
        #expect(try archive.manifest() == manifest())
    }

    @Test("only old archives of the same stack are removed, and never the new one")
    func removal() throws {
        let directory = try TemporaryDirectory()
        let place = BackupPlace(directory.path, now: Self.now)
        try pack(manifest(age: 30), as: place.path)
        for (name, manifest) in [
            ("cdb-backup-old.tar", manifest(age: 15)), ("cdb-backup-young.tar", manifest(age: 13)),
            ("cdb-backup-other.tar", manifest(source: "/other", age: 15)),
            ("mine.tar", manifest(age: 15)),
        ] { try pack(manifest, as: directory.file(name)) }
        try Files.write("no archive", to: directory.file("cdb-backup-0.tar"))
        let removed = try place.removeOld(days: 14, source: "/stack", now: Self.now)
        #expect(removed == [directory.file("cdb-backup-old.tar")])
        #expect(Files.entries(of: directory.path).count == 5)
        #expect(Files.exists(place.path))
    }

    @Test("what a killed backup left is removed after a day")
    func drafts() throws {
        let directory = try TemporaryDirectory()
        for days: Int64 in [0, 2] {
            let then = Self.now.advanced(by: -days * Self.day)
            try BackupPlace(directory.path, now: then).prepare()
        }
        let place = BackupPlace(directory.path, now: Self.now)
        place.removeStaleDrafts(now: Self.now)
        #expect(Files.entries(of: directory.path).map(directory.file) == [place.draft])
    }

    @Test("an --out that ends with .tar is a file, any other a directory")
    func places() {
        let file = BackupPlace("/a/b.tar", now: Self.now)
        #expect(file.path == "/a/b.tar")
        #expect(file.directory == "/a")
        #expect(!file.isSeries)
        let series = BackupPlace("/a/b", now: Self.now)
        #expect(series.path == "/a/b/cdb-backup-20260921T141320000Z.tar")
        #expect(series.isSeries)
    }

    @Test(
        "a backup of something newer is refused before anything is made",
        arguments: [
            (Migrations.newest + 1, 150_014, "this program knows only"),
            (Migrations.newest, 990_014, "the backup is of Postgres 99"),
        ])
    func newer(schema: Int64, server: Int, message: String) throws {
        let directory = try TemporaryDirectory()
        let archive = directory.file("newer.tar")
        try pack(manifest(schema: schema, server: server), as: archive)
        let target = directory.file("target")
        let outcome = try OperatedStack.cdb(["restore", archive, "--dir", target], expecting: 1)
        #expect(outcome.output.contains(message), "\(outcome.output)")
        #expect(Files.entries(of: target).isEmpty)
    }

    @Test("a pg_dump that is older than the server is named with its remedy")
    func olderProgram() {
        #expect {
            try DatabaseCopy.tool("pg_dump", 990_014)
        } throws: { error in
            "\(error)".contains("older than the server, which is version 99")
                && "\(error)".contains("apt-get install postgresql-client-99")
        }
        #expect(DatabaseCopy.majorVersion("pg_dump (PostgreSQL) 15.14 (Debian 15.14-0)") == 15)
        #expect(DatabaseCopy.majorVersion("pg_dump (PostgreSQL) 18beta1") == 18)
        #expect(DatabaseCopy.majorVersion("what?") == nil)
    }

    @Test(
        "used wrongly exits with 2, a stack that is not there with 1",
        arguments: [
            (2, ["backup", "--out", "x.tar", "--keep", "3"]), (2, ["backup", "--keep", "soon"]),
            (2, ["restore"]), (1, ["backup", "--dir", "/nowhere"]),
            (1, ["restore", "/nowhere.tar"]),
        ])
    func wrongUse(code: Int, words: [String]) throws {
        try OperatedStack.cdb(words, expecting: Int32(code))
    }
}
