import CoreModels
import MarketFiles
import MarketSources
import PrivateServers
import TestKit
import Testing
import WireFormats

@testable import Operator

/// A recorder on a directory of a test's own, fed by hand.
final class RecordingFiles {
    let path: String
    private let directory: TemporaryDirectory
    private var folder: RecordingFolder?
    private var sequence: Int64 = 0
    var recorder: MarketRecorder

    init(_ words: String...) throws {
        directory = try TemporaryDirectory()
        path = directory.file("recordings")
        let folder = try RecordingFolder(path)
        self.folder = folder
        recorder = MarketRecorder(folder, try Self.options(words))
    }

    static func options(_ words: [String]) throws -> RecordOptions {
        try RecordOptions(RecordCommand.syntax.parse(words))
    }

    /// As after a crash: what was not flushed is gone, and somebody else looks at the files.
    func crash() throws -> RecordingFolder {
        folder = nil
        recorder = try RecordingFiles().recorder
        let folder = try RecordingFolder(path)
        self.folder = folder
        return folder
    }

    /// The next message of a feed, at this second of the market and of the recorder's clock.
    @discardableResult
    func take(
        second: Int64, received: Int64? = nil, symbol: String = "BTC_USDT", skipping: Int64 = 0
    ) throws -> RecordedMessage {
        sequence += 1 + skipping
        let start: Int64 = 1_767_571_200_000  // 2026-01-05T00:00:00Z
        let message = RecordedMessage(
            MarketData(
                symbol: try #require(Symbol(symbol)),
                timestamp: Timestamp(milliseconds: start + second * 1000),
                price: Price(Int(45_000 + sequence)), volume: Money(Int(1000 * sequence)),
                pctChange: Ratio(1), source: .websocket,
                reference: MarketReference(feed: "mexc_ws-1", sequence: sequence)),
            receivedAt: Timestamp(milliseconds: start + (received ?? second) * 1000))
        try recorder.take(message)
        return message
    }

    var names: [String] { Files.entries(of: path).sorted() }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The messages of a whole file.
    func messages(_ name: String) throws -> [RecordedMessage] {
        var recording = try Recording(
            name: name, source: StoredFileSource.open(file(name)))
        var messages: [RecordedMessage] = []
        while let message = try recording.next() { messages.append(message) }
        return messages
    }

    func manifest(_ name: String) throws -> Value {
        try JSONDocument.parse(try Files.read(file(RecordingFolder.manifest(of: name))))
    }
}
