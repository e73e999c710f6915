import CoreModels
import MarketFiles
import MarketSources
import WireFormats

/// One file of a recording while it is written. It gets its name when it is whole.
final class RecordingSegment {
    let name: String
    /// The latest time of the market in it.
    private(set) var latest: Timestamp
    private(set) var messages: Int64 = 0
    private let folder: RecordingFolder
    private let ending: String
    private let output: CompressedFile
    private var earliest: Timestamp
    private let firstReceived: Timestamp
    private var lastReceived: Timestamp
    private var symbols = SymbolIndex()
    private var bytes: [UInt8] = []
    private var isFlushed = true

    /// - Parameters:
    ///   - name: that of the whole file; `ending` follows it as long as it is none.
    ///   - first: its first message, which is not written by this.
    init(
        _ folder: RecordingFolder, name: String, ending: String = RecordingFolder.inHand,
        for first: RecordedMessage
    ) throws(MarketFileError) {
        self.folder = folder
        self.name = name
        self.ending = ending
        earliest = first.data.timestamp
        latest = first.data.timestamp
        firstReceived = first.receivedAt
        lastReceived = first.receivedAt
        output = try CompressedFile(path: folder.file(name + ending))
        try output.write(Array((RecordedMessage.header + "\n").utf8))
    }

    /// Bytes stored so far.
    var size: Int64 { output.size }

    func append(_ message: RecordedMessage) throws(MarketFileError) {
        bytes.removeAll(keepingCapacity: true)
        message.append(to: &bytes)
        try output.write(bytes)
        messages += 1
        earliest = min(earliest, message.data.timestamp)
        latest = max(latest, message.data.timestamp)
        lastReceived = message.receivedAt
        _ = symbols.number(of: message.data.symbol)
        isFlushed = false
    }

    /// What was written survives this process.
    func flush() throws(MarketFileError) {
        guard !isFlushed else { return }
        try output.flush()
        isFlushed = true
    }

    /// Stores the manifest, then gives the file its name.
    func finish(
        _ feeds: [FeedCounts.Feed], isRecovered: Bool = false
    ) throws(MarketFileError) {
        let digest = try output.finish()
        let missed = feeds.reduce(0) { $0 + $1.missed }
        let manifest: [Value.Member] = [
            .init("file", .text(name)), .init("sha256", .text(Hexadecimal.text(digest))),
            .init("bytes", .integer(output.size)), .init("messages", .integer(messages)),
            .init("missed", .integer(missed)), .init("recovered", .flag(isRecovered)),
            .init("first_timestamp", .time(earliest)), .init("last_timestamp", .time(latest)),
            .init("first_received", .time(firstReceived)),
            .init("last_received", .time(lastReceived)),
            .init("symbols", .list(symbols.symbols.sorted().map { .symbol($0) })),
            .init("feeds", .list(feeds.map(\.value))),
        ]
        let text = JSONWriter.bytes(.object(manifest)) + [UInt8(ascii: "\n")]
        try folder.write(text, as: RecordingFolder.manifest(of: name))
        try folder.rename(name + ending, to: name)
    }
}
