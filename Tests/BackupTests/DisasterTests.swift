import CoreModels
import Glibc
import PrivateServers
import TestKit
import Testing

@Suite("Backup and restore of a stack", .serialized)
struct DisasterTests {
    @Test("a stack that is destroyed goes on elsewhere with its positions, day PnL and halt")
    func disaster() throws {
        let directory = try TemporaryDirectory()
        let (first, second) = (directory.file("first.csv"), directory.file("second.csv"))
        try RecordedWaves.write(BackedUpMarket.first, to: first)
        try RecordedWaves.write(BackedUpMarket.second, to: second)
        let old = OperatedStack(path: directory.file("old"))
        // Restored, it wants the same ports again.
        try old.up(portBase: OperatedStack.farPorts())
        defer { old.end() }
        try old.cdb("replay", "--data", first)
        try old.cdb("halt", "--reason", "the house is on fire")
        let holdings = try old.holdings()
        let approved = try old.approvedOrders()
        let environment = try old.environment()

        let out = directory.file("archives")
        try old.cdb("backup", "--out", out)
        let archive = try onlyArchive(in: out)
        try old.down()
        Files.removeTree(old.path)
        try expectNoSecrets(of: environment, in: archive)

        let new = OperatedStack(path: directory.file("new"))
        let restored = try OperatedStack.cdb(["restore", archive, "--dir", new.path])
        #expect(restored.output.contains("the ledger is whole"))
        #expect(try new.environment()["POSTGRES_PASSWORD"] != environment["POSTGRES_PASSWORD"])
        try new.up()
        defer { new.end() }
        try expectDisaster(new, holdings, approved)
        try new.cdb("release", "--reason", "a new house")
        try new.cdb("replay", "--data", second)
        #expect(try new.approvedOrders() > approved)
        try new.down()
        try new.cdb("verify")
    }

    private func expectDisaster(
        _ stack: OperatedStack, _ holdings: [Value.Member], _ approved: Int64
    ) throws {
        let restored = try stack.holdings()
        #expect(restored == holdings)
        let value = Value.object(restored)
        #expect(value["positions"].list?.isEmpty == false)
        #expect(value["realized_today"].fixed(MoneyUnit.self)?.isPositive == true)
        #expect(value["trading"]["state"] == .text("HALTED"))
        #expect(value["trading"]["reason"] == .text("MANUAL: the house is on fire"))
        #expect(try stack.approvedOrders() == approved)
    }

    private func onlyArchive(in directory: String) throws -> String {
        let names = Files.entries(of: directory)
        #expect(names.count == 1, "\(names)")
        let path = "\(directory)/\(try #require(names.first))"
        var facts = stat()
        #expect(stat(path, &facts) == 0)
        #expect(facts.st_mode & 0o777 == 0o600)
        return path
    }

    /// Neither in the archive nor in what its compressed dump says.
    private func expectNoSecrets(of environment: [String: String], in archive: String) throws {
        let script = try InstalledPrograms.run(
            "sh", ["-c", "tar -xOf \(archive) database.dump | pg_restore --file=-"])
        #expect(script.status.isSuccess)
        #expect(script.output.contains("COPY public.ledger"))
        let archived = String(decoding: try Files.read(archive), as: UTF8.self)
        for name in ["REDIS_PASSWORD", "POSTGRES_PASSWORD", "CDB_OPERATOR_TOKEN"] {
            let secret = try #require(environment[name])
            #expect(!script.output.contains(secret), "\(name)")
            #expect(!archived.contains(secret), "\(name)")
        }
        // What is found where it is: the search works.
        #expect(archived.contains("CDB_FEED=none"))
    }
}
