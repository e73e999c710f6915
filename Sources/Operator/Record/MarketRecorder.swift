import CoreModels
import EventSchema
import MarketSources

/// Puts market data as it is published into files, one after the other.
struct MarketRecorder {
    /// Stored bytes of one file at the most, whatever the time.
    static let sizeLimit: Int64 = 256 << 20

    private let folder: RecordingFolder
    /// Of the market's time, in one file.
    private let millisecondsPerFile: Int64
    /// Recording time that is kept, in milliseconds; nil keeps all.
    private let kept: Int64?
    /// Sorted; empty for all.
    private let wanted: [Symbol]
    private var decoder = MarketDataDecoder()
    private var segment: RecordingSegment?
    private var symbols = SymbolIndex()
    private(set) var counts = FeedCounts()
    private(set) var messages: Int64 = 0
    /// Of symbols that are not wanted.
    private(set) var passedOver: Int64 = 0
    /// Messages that are no market_data.
    private(set) var refused: Int64 = 0
    private(set) var lastRefusal: EventError?
    private(set) var removed = 0
    private(set) var marketTime: Timestamp?
    // Of finished files:
    private(set) var files: [String] = []
    private var finishedBytes: Int64 = 0

    init(_ folder: RecordingFolder, _ options: RecordOptions) {
        self.folder = folder
        millisecondsPerFile = Int64(options.minutesPerFile) * 60_000
        kept = options.keepDays.map { Int64($0) * 86_400_000 }
        wanted = options.symbols
    }

    var symbolCount: Int { symbols.symbols.count }
    /// Stored so far, in bytes.
    var size: Int64 { finishedBytes + (segment?.size ?? 0) }
    /// The file in hand.
    var currentName: String? { segment?.name }

    /// Takes a message as it lies on the bus.
    mutating func take(
        _ bytes: UnsafeRawBufferPointer, receivedAt: Timestamp
    ) throws(MarketFileError) {
        let data: MarketData
        do throws(EventError) {
            data = try decoder.decode(bytes.bytes)
        } catch {
            refused += 1
            lastRefusal = error
            return
        }
        try take(RecordedMessage(data, receivedAt: receivedAt))
    }

    mutating func take(_ message: RecordedMessage) throws(MarketFileError) {
        // First of all, so that a gap at the border belongs to the file it leads to.
        if let segment, isFull(segment, message.data.timestamp) { try endFile(message.receivedAt) }
        guard counts.isNew(message.data.reference) else { return }
        guard wanted.isEmpty || wanted.contains(message.data.symbol) else {
            passedOver += 1
            return
        }
        if segment == nil {
            let name = folder.freshName(at: message.receivedAt)
            segment = try RecordingSegment(folder, name: name, for: message)
        }
        try segment?.append(message)
        counts.recorded(message.data.reference)
        messages += 1
        _ = symbols.number(of: message.data.symbol)
        marketTime = segment?.latest
    }

    /// What was taken survives this process.
    func flush() throws(MarketFileError) { try segment?.flush() }

    /// Makes the file in hand whole, and forgets what is older than is to be kept.
    mutating func endFile(_ now: Timestamp) throws(MarketFileError) {
        if let segment {
            try segment.finish(counts.takeFile())
            files.append(segment.name)
            finishedBytes += segment.size
            self.segment = nil
        }
        removeOld(now)
    }

    mutating func removeOld(_ now: Timestamp) {
        guard let kept else { return }
        removed += folder.removeEnded(before: now.advanced(by: -kept)).count
    }

    private func isFull(_ segment: RecordingSegment, _ time: Timestamp) -> Bool {
        time.milliseconds / millisecondsPerFile > segment.latest.milliseconds / millisecondsPerFile
            || segment.size >= Self.sizeLimit
    }
}
