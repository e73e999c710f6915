import CoreModels
import Glibc
import PrivateServers
import TestKit
import Testing
import WireFormats

extension EndToEnd {
    @Suite("cdb record")
    struct RecordTests {
        @Test("writes what is published, counts gaps, and ends well", arguments: [SIGTERM, SIGINT])
        func records(signal: Int32) throws {
            let bus = try RecordedBus()
            try bus.record(["--minutes-per-file", "1"])
            try bus.publish(90)
            try bus.publish(10, skipping: 5)
            try bus.publish(["{", #"{"type":"market_data"}"#])
            try bus.wait("the second file is in hand") { bus.files(".part").count == 1 }
            try bus.wait("the first file is whole") { !bus.files(".zst").isEmpty }
            let (status, report) = try bus.stop(signal)
            #expect(status == .exited(0))
            #expect(report["messages"].integer == 100)
            #expect(report["missed"].integer == 5)
            #expect(report["refused"].integer == 2)
            #expect(report["files"].list?.count == 2)
            #expect(bus.files(".part").isEmpty)
            #expect(bus.files(".zst").count == 2)
            #expect(try bus.manifests("messages") == [59, 41])
            #expect(try bus.manifests("missed") == [0, 5])
        }

        @Test("kill -9: what was whole stays, and what was in hand is recovered by the next run")
        func killed() throws {
            let bus = try RecordedBus()
            try bus.record(["--minutes-per-file", "1"])
            try bus.publish(100)
            try bus.wait("one file is whole, the next one flushed") {
                guard let part = bus.files(".part").first, !bus.files(".zst").isEmpty else {
                    return false
                }
                return try !Files.read("\(bus.output)/\(part)").isEmpty
            }
            let whole = try #require(bus.files(".zst").first)
            let bytes = try Files.read("\(bus.output)/\(whole)")
            let killed = try bus.stop(SIGKILL)
            #expect(killed.status == .signaled(SIGKILL))
            #expect(bus.files(".part").count == 1)

            try bus.record(["--minutes-per-file", "1"])
            #expect(try Files.read("\(bus.output)/\(whole)") == bytes)
            let messages = try bus.manifests("messages")
            #expect(messages.first == 59)
            // All that was received when it was flushed.
            let recovered = try #require(messages.last)
            #expect((1...41).contains(recovered))
            #expect(try bus.said().contains("is recovered: \(recovered) market_data"))
            #expect(bus.files(".part").isEmpty)
            try bus.publish(3)
            try bus.wait("it goes on") { bus.files(".part").count == 1 }
            #expect(try bus.stop().report["messages"].integer == 3)
        }

        @Test("waits for a Redis that is away, says so, and counts what it missed")
        func redisAway() throws {
            let bus = try RecordedBus()
            bus.redis.stop()
            try bus.record(waits: false)
            try bus.wait("it waits") { try bus.said().contains("waiting for Redis") }
            try bus.redis.restart()
            try bus.wait("it records") { try bus.said().contains("Redis is there again") }
            try bus.publish(5)
            try bus.wait("it has them") { bus.files(".part").count == 1 }
            bus.redis.stop()
            try bus.wait("it waits again") { try bus.timesSaid("waiting for Redis") == 2 }
            try bus.redis.restart()
            try bus.wait("it records again") { try bus.timesSaid("Redis is there again") == 2 }
            try bus.publish(5, skipping: 7)
            let (status, report) = try bus.stop()
            #expect(status == .exited(0))
            #expect(report["messages"].integer == 10)
            #expect(report["missed"].integer == 7)
            #expect(report["redis_losses"].integer == 1)
        }

        @Test("a full disk ends it with the reason, and loses nothing that was flushed")
        func fullDisk() throws {
            guard let disk = try SmallDisk(megabytes: 1) else {
                print("skipped: a small file system cannot be mounted here (not root)")
                return
            }
            defer { disk.unmount() }
            let bus = try RecordedBus(output: disk.file("recordings"))
            try bus.record()
            try bus.publish(50)
            try bus.wait("the first messages are flushed") {
                guard let part = bus.files(".part").first else { return false }
                return try !Files.read("\(bus.output)/\(part)").isEmpty
            }
            try disk.fill()
            try bus.wait("it gives up") {
                try bus.publish(2_000)
                return bus.recorder?.isRunning == false
            }
            #expect(bus.recorder?.exitStatus == .exited(1))
            #expect(try bus.said().contains("No space left on device"))
            #expect(try bus.said().contains("--keep-days"))
            disk.empty()
            try bus.record()
            let recovered = try bus.manifests("messages")
            #expect(recovered.count == 1)
            #expect(recovered.allSatisfy { $0 >= 50 })
            #expect(try bus.stop().status == .exited(0))
        }

        @Test("two recorders do not write into one directory")
        func second() throws {
            let bus = try RecordedBus()
            try bus.record()
            let other = try Programs.run(
                "cdb", ["record", "--out", bus.output],
                environment: ["REDIS_PASSWORD": "x", "REDIS_PORT": "1"], in: bus.output)
            #expect(other.status == .exited(1))
            #expect(other.output.contains("another cdb record writes there"))
        }

        @Test("records an exchange without a stack")
        func exchange() throws {
            let exchange = try RunningSimulator()
            let directory = try TemporaryDirectory()
            let output = directory.file("recordings")
            let run = try Programs.run(
                "cdb", ["record", "--exchange", "--out", output, "--for", "8", "--json"],
                environment: [
                    "PATH": "/usr/bin:/bin",
                    "MEXC_WS_URL": "ws://127.0.0.1:\(exchange.port)/edge",
                    "MEXC_REST_URL": "http://127.0.0.1:\(exchange.port)",
                ])
            #expect(run.status == .exited(0), "\(run.output)")
            let last = run.output.split(separator: "\n").last ?? ""
            let report = try JSONDocument.parse(Array(last.utf8), limit: 1 << 20)
            #expect((report["messages"].integer ?? 0) > 10, "\(run.output)")
            #expect((report["symbols"].integer ?? 0) > 1)
            #expect(report["missed"].integer == 0)
            #expect(Files.entries(of: output).count { $0.hasSuffix(".csv.zst") } == 1)
        }
    }
}
