import CoreModels
import Glibc
import PrivateServers
import TestKit
import Testing

extension EndToEnd {
    /// "Disk full under Postgres: as Postgres down; nothing half-written" (docs/DELIVERY.md).
    @Suite("A full disk under Postgres")
    struct FullDiskTests {
        @Test("nothing is decided while the disk is full, nothing is half-written, then it goes on")
        func full() throws {
            guard let disk = try SmallDisk(megabytes: 160) else {
                print("skipped: a small file system cannot be mounted here (not root)")
                return
            }
            defer { disk.unmount() }
            let servers = try Servers(
                TemporaryDirectory(), postgres: disk.file("postgres"),
                settings: ["min_wal_size": "32MB", "max_wal_size": "64MB"])
            // A file system with open files cannot be unmounted.
            defer { servers.postgres.stop() }
            let stack = try Stack(servers: servers)
            try stack.trade("BTC_USDT")

            try disk.fill()
            try stack.wait("somebody cannot commit, and says so") {
                try stack.stimulate("ETH_USDT")
                return stack.services.values.contains { $0.page("/readyz")?.status == 503 }
            }
            #expect(stack.allRun)
            disk.empty()
            try servers.revive()
            try stack.waitUntilReady()
            try stack.wait("it trades again") {
                let before = try stack.count(.orderResults)
                try stack.stimulate("SOL_USDT")
                return try eventually(seconds: 3) { try stack.count(.orderResults) > before }
            }
            #expect(stack.allRun)
            try stack.expectWhole()
            for service in stack.services.values { service.kill() }
        }
    }
}

/// A file system in memory that is soon full.
final class SmallDisk {
    private let path: String
    private let directory: TemporaryDirectory

    /// Nil where nothing may be mounted.
    init?(megabytes: Int) throws {
        directory = try TemporaryDirectory()
        path = directory.file("disk")
        try Files.makeDirectory(path, mode: 0o755)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m,mode=755") == 0 else {
            return nil
        }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Takes all the room that is left.
    func fill() throws {
        let ballast = open(file("ballast"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(ballast) }
        let zeros = [UInt8](repeating: 0, count: 4096)
        while write(ballast, zeros, zeros.count) > 0 {}
        #expect(errno == ENOSPC)
    }

    func empty() { unlink(file("ballast")) }

    func unmount() {
        // Busy for as long as the server's last process needs to end.
        _ = eventually { umount(path) == 0 }
    }
}
