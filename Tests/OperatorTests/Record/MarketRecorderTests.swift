import CoreModels
import Glibc
import MarketFiles
import MarketSources
import PrivateServers
import TestKit
import Testing
import WireFormats

@testable import Operator

@Suite("Files of a recording")
struct MarketRecorderTests {
    private static let first = "market_data-20260105T000000000Z.csv.zst"

    @Test("a file appears when it is whole, with what is in it beside it")
    func whole() throws {
        let files = try RecordingFiles()
        var taken = [try files.take(second: 0)]
        #expect(files.names == [Self.first + ".part"])
        taken.append(try files.take(second: 2, received: 3, symbol: "ETH_USDT", skipping: 4))
        taken.append(try files.take(second: 1, received: 4))
        try files.recorder.endFile(Timestamp(milliseconds: 0))
        #expect(files.names == [Self.first, "market_data-20260105T000000000Z.json"].sorted())
        #expect(try files.messages(Self.first) == taken)

        let manifest = try files.manifest(Self.first)
        let sum = try InstalledPrograms.run("sha256sum", [files.file(Self.first)])
        #expect(sum.output.prefix(64) == manifest["sha256"].text ?? "")
        #expect(manifest["bytes"].integer == Int64(try Files.read(files.file(Self.first)).count))
        #expect(manifest["messages"].integer == 3)
        #expect(manifest["missed"].integer == 4)
        #expect(manifest["recovered"].flag == false)
        #expect(manifest["symbols"].list?.map(\.text) == ["BTC_USDT", "ETH_USDT"])
        #expect(manifest["last_timestamp"].integer == 1_767_571_202_000)
        #expect(manifest["last_received"].integer == 1_767_571_204_000)
        let feed = try #require(manifest["feeds"].list?.first)
        #expect(feed["feed"].text == "mexc_ws-1")
        #expect(feed["first_seq"].integer == 1)
        #expect(feed["last_seq"].integer == 7)
    }

    @Test("a new file begins with the market's time, and a gap at the border is counted once")
    func rotation() throws {
        let files = try RecordingFiles("--minutes-per-file", "2")
        for second: Int64 in [0, 119, 60, 120, 119, 239, 241] {
            try files.take(second: second, skipping: second == 120 ? 3 : 0)
        }
        try files.recorder.endFile(Timestamp(milliseconds: 0))
        let names = files.recorder.files
        #expect(
            names == [
                Self.first, "market_data-20260105T000200000Z.csv.zst",
                "market_data-20260105T000401000Z.csv.zst",
            ])
        #expect(try names.map { try files.messages($0).count } == [3, 3, 1])
        #expect(try names.map { try files.manifest($0)["missed"].integer } == [0, 3, 0])
        #expect(files.recorder.counts.missed == 3)
    }

    @Test("files that begin in the same millisecond have names of their own")
    func sameMoment() throws {
        let files = try RecordingFiles("--minutes-per-file", "1")
        for second: Int64 in [0, 60, 120] { try files.take(second: second, received: 0) }
        try files.recorder.endFile(Timestamp(milliseconds: 0))
        #expect(
            files.recorder.files == (0..<3).map { "market_data-20260105T00000000\($0)Z.csv.zst" })
    }

    @Test("what comes twice is recorded once; messages by hand have no number and always count")
    func duplicates() throws {
        let files = try RecordingFiles()
        let message = try files.take(second: 0)
        try files.recorder.take(message)
        var byHand = message
        byHand.data.reference = nil
        try files.recorder.take(byHand)
        try files.recorder.take(byHand)
        try files.recorder.endFile(message.receivedAt)
        #expect(try files.messages(Self.first) == [message, byHand, byHand])
        #expect(files.recorder.counts.duplicates == 1)
    }

    @Test("only the symbols that are wanted, and no gap where others stood")
    func symbols() throws {
        let files = try RecordingFiles("--symbols", "ETHUSDT,SOL_USDT", "BTC_EUR")
        for symbol in ["BTC_USDT", "ETH_USDT", "BTC_EUR", "BTC_USDT", "SOL_USDT"] {
            try files.take(second: 0, symbol: symbol)
        }
        try files.recorder.endFile(Timestamp(milliseconds: 0))
        #expect(
            try files.messages(files.recorder.files[0]).map(\.data.symbol.description)
                == ["ETH_USDT", "BTC_EUR", "SOL_USDT"])
        #expect(files.recorder.counts.missed == 0)
        #expect(files.recorder.passedOver == 2)
    }

    @Test("what is no market_data is counted, and its reason kept")
    func refused() throws {
        let files = try RecordingFiles()
        let time = Timestamp(milliseconds: 0)
        for text in ["{", #"{"type":"market_data","symbol":"BTC_USDT","price":-1}"#] {
            try Array(text.utf8).withUnsafeBytes { try files.recorder.take($0, receivedAt: time) }
        }
        #expect(files.recorder.refused == 2)
        #expect(files.recorder.lastRefusal != nil)
        #expect(files.recorder.messages == 0)
        #expect(files.names.isEmpty)
    }

    @Test("recordings that ended before the days to keep are removed with what is beside them")
    func retention() throws {
        let files = try RecordingFiles("--keep-days", "2")
        let day: Int64 = 86_400
        for second in [0, day, day + 3600, 3 * day, 4 * day] { try files.take(second: second) }
        // The day before yesterday began at day 2; what began at 1 day 1 h ended at day 3.
        try files.recorder.endFile(Timestamp(milliseconds: 1_767_571_200_000 + 4 * day * 1000))
        #expect(files.recorder.removed == 2)
        #expect(
            files.names.filter { $0.hasSuffix(".zst") } == [
                "market_data-20260106T010000000Z.csv.zst",
                "market_data-20260108T000000000Z.csv.zst",
                "market_data-20260109T000000000Z.csv.zst",
            ])
        #expect(files.names.count == 6)
    }

    @Test("a file cut off anywhere is recovered as far as it goes")
    func salvage() throws {
        let files = try RecordingFiles()
        var taken: [RecordedMessage] = []
        for second: Int64 in 0..<300 {
            taken.append(try files.take(second: second))
            if second % 50 == 49 { try files.recorder.flush() }
        }
        let stored = try Files.read(files.file(Self.first + ".part"))
        var counts: [Int] = []
        for length in stride(from: 0, to: stored.count, by: stored.count / 11) + [stored.count] {
            let copy = try RecordingFiles()
            let folder = try copy.crash()
            try folder.write(Array(stored[..<length]), as: Self.first + ".part")
            let found = try Salvage.all(in: folder)
            #expect(found.count == 1)
            #expect(!copy.names.contains(Self.first + ".part"))
            guard copy.names.contains(Self.first) else {
                #expect(counts.allSatisfy { $0 == 0 })
                counts.append(0)
                continue
            }
            let messages = try copy.messages(Self.first)
            #expect(messages == Array(taken[..<messages.count]))
            #expect(try copy.manifest(Self.first)["recovered"].flag == true)
            #expect(try copy.manifest(Self.first)["messages"].integer == Int64(messages.count))
            counts.append(messages.count)
        }
        #expect(counts == counts.sorted())
        #expect(counts.last == 300)
    }

    @Test("a file that nothing can be read of is put aside, not lost")
    func broken() throws {
        let files = try RecordingFiles()
        let folder = try files.crash()
        try folder.write([1, 2, 3], as: Self.first + ".part")
        #expect(try Salvage.all(in: folder).count == 1)
        #expect(files.names == [Self.first + ".broken"])
        #expect(try Salvage.all(in: folder).isEmpty)
    }

    @Test("a directory has one recorder at a time, and has to be one")
    func oneRecorder() throws {
        let files = try RecordingFiles()
        #expect(throws: CommandFailure.self) { try RecordingFolder(files.path) }
        #expect(throws: (any Error).self) { try RecordingFolder("/dev/null/recordings") }
        _ = try files.crash()
    }

    @Test(
        "options that make no sense are refused",
        arguments: [
            ["--minutes-per-file", "0"], ["--keep-days", "0"], ["--symbols", "x"],
            ["--exchange", "--dir", "x"], ["--for", "-1"],
        ])
    func wrongUse(words: [String]) {
        #expect(throws: CommandFailure.self) { try RecordingFiles.options(words) }
    }
}
