import PrivateServers
import ServiceKit
import TestKit
import Testing

extension EndToEnd {
    /// An exchange that goes wrong in one way after the other, a fault every 5 s (docs/FEEDS.md).
    @Suite("Soak")
    struct SoakTests {
        /// `CDB_SOAK_SECONDS` sets how long; 600 is the proof, without it only some faults come.
        static let asked = ProcessEnvironment.current["CDB_SOAK_SECONDS"].flatMap { Int64($0) }
        static let seed =
            ProcessEnvironment.current["CDB_SOAK_SEED"].flatMap { UInt64($0) } ?? 20_260_301
        static let interval: Int64 = 5_000
        /// Growth that counts as none, in bytes.
        static let flat = 8.0 * 1_048_576

        @Test("no fault of the exchange stops it, misleads it, stays unseen or stays")
        func soak() throws {
            let seconds = Self.asked ?? 25
            // Whoever asks for a soak has a machine for it; CI may be slow.
            let soak = try Soak(patience: Self.asked == nil ? 30 : 5)
            try soak.begin()
            soak.noteMemory()
            let start = SystemClock.monotonicMilliseconds
            var random = DeterministicRandom(seed: Self.seed)
            var coming = SoakFault.all
            var outcomes: [Soak.Outcome] = []
            defer { Self.show(outcomes, soak) }
            while SystemClock.monotonicMilliseconds - start < seconds * 1000 {
                let next = SystemClock.monotonicMilliseconds + Self.interval
                outcomes.append(try soak.undergo(coming.removeFirst()))
                #expect(soak.dead.isEmpty, "seed \(Self.seed)")
                if coming.isEmpty {
                    // The first round warms everything up.
                    if outcomes.count == SoakFault.all.count { soak.noteMemory() }
                    coming = SoakFault.all.shuffled(using: &random)
                }
                try soak.rest(until: next)
            }
            #expect(soak.witness.findings.isEmpty)
            #expect(soak.witness.fillsOnQuote > 0)
            #expect(soak.grown(beyond: Self.flat).isEmpty)
            try soak.stack.expectWhole()
        }

        private static func show(_ outcomes: [Soak.Outcome], _ soak: Soak) {
            for fault in SoakFault.all {
                let gaps = outcomes.filter { $0.fault.name == fault.name }.map(\.gap)
                guard let worst = gaps.max() else { continue }
                print(
                    "\(fault.name): \(gaps.count) times, seen in \(fault.feed) \(fault.series), "
                        + "data back at the latest after \(worst) ms")
            }
            let witness = soak.witness
            print(
                "\(outcomes.count) faults, \(witness.marketData) market_data, \(witness.fills) fills, "
                    + "\(witness.fillsOnQuote) of them on a quote")
            for (name, bytes) in soak.residentBytes.sorted(by: { $0.key < $1.key }) {
                print("\(name): \(Int(bytes) >> 10) KiB resident")
            }
        }
    }
}
