import CoreModels
import DecisionCores
import EventSchema
import Ledger
import TestKit
import Testing

@Suite("Throughput, printed only")
struct ThroughputTests {
    @Test("signals into their read table, a thousand rows a transaction")
    func readTable() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.writer, settings)
        let signal = try #require(Story(seed: 1, signals: 1).events(of: .core).first)
        guard case .signal(var row) = signal else { return }
        let count: Int64 = 20_000
        let start = monotonicNanoseconds()
        for first in stride(from: 0, to: count, by: 1000) {
            var tables = ReadTables()
            for number in first..<first + 1000 {
                row.envelope = Envelope(sequence: number + 1, id: "signals-\(number + 1)")
                tables.append(.signal(row))
            }
            var batch = CommitBatch()
            batch.calls = tables.calls
            batch.offsets = [("signals", first + 1000)]
            try store.commit(batch)
        }
        let seconds = Double(monotonicNanoseconds() - start) / 1e9
        print("read table: \(Int(Double(count) / seconds)) rows/s")
        let connection = try PostgresConnection(settings)
        #expect(try connection.number("SELECT count(*) FROM signals") == count)
    }

    @Test("events into the ledger, hashed, a thousand a transaction")
    func ledger() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.core, settings)
        let signal = try #require(Story(seed: 1, signals: 1).events(of: .core).first)
        guard case .signal(var row) = signal else { return }
        let count: Int64 = 20_000
        let start = monotonicNanoseconds()
        for first in stride(from: 0, to: count, by: 1000) {
            var batch = CommitBatch()
            for number in first..<first + 1000 {
                row.envelope = Envelope(sequence: number + 1, id: "signals-\(number + 1)")
                batch.add(.signal(row))
            }
            try store.commit(batch)
        }
        let seconds = Double(monotonicNanoseconds() - start) / 1e9
        print("ledger: \(Int(Double(count) / seconds)) rows/s")
        let connection = try PostgresConnection(settings)
        #expect(try connection.number("SELECT max(seq) FROM ledger") == count)
    }
}
