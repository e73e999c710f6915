public import CoreModels
public import DecisionCores

/// Recorded files as a feed of market data, numbered from 1: trades and candles merged and screened,
/// recordings of market_data as they are.
///
/// Equal files, candle mode and screener settings give equal messages with equal numbers, so that a
/// feed can be taken up again after any of them.
public struct ReplayFeed {
    /// `replay-` and 16 hex digits.
    public let name: String
    private var merge: MarketMerge
    private var screener: ScreenerCore
    /// Played one after the other; then there is nothing to merge.
    public private(set) var recordings: [Recording] = []
    private var place = 0
    /// The number of the last message given.
    public private(set) var sequence: Int64 = 0

    /// `digest`: SHA-256 over the files' bytes and the candle mode.
    public init(
        digest: some Sequence<UInt8>, files: [MarketFile], candles mode: CandleMode,
        screener settings: ScreenerSettings = .default
    ) throws(MarketFileError) {
        name = Self.name(digest)
        var streams: [ObservationStream] = []
        for file in files { streams.append(try ObservationStream(file, candles: mode)) }
        merge = try MarketMerge(streams)
        screener = ScreenerCore(settings: settings)
    }

    /// Recordings are played in the order in which their first messages were received, every
    /// message as it was published but for its feed and number. `digest` as above.
    public init(
        digest: some Sequence<UInt8>, recordings: [Recording]
    ) throws(MarketFileError) {
        try self.init(digest: digest, files: [], candles: .close)
        // Of equal times the one named first comes first.
        self.recordings = recordings.enumerated().sorted {
            ($0.element.firstReceivedAt, $0.offset) < ($1.element.firstReceivedAt, $1.offset)
        }.map(\.element)
    }

    /// The feed's name from the first 8 bytes of a digest.
    public static func name(_ digest: some Sequence<UInt8>) -> String {
        var bytes = Array(MarketReference.lockStepPrefix.utf8)
        let digits = Array("0123456789abcdef".utf8)
        for byte in digest.prefix(8) {
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next message; nil at the end of all files.
    public mutating func next() throws(MarketFileError) -> MarketData? {
        if let recorded = try nextRecorded() { return numbered(recorded) }
        while let observation = try merge.next() {
            guard
                case .marketData(let data) = screener.observe(
                    observation, at: observation.timestamp)
            else { continue }
            return numbered(data)
        }
        return nil
    }

    private mutating func nextRecorded() throws(MarketFileError) -> MarketData? {
        while place < recordings.count {
            if let message = try recordings[place].next() { return message.data }
            place += 1
        }
        return nil
    }

    private mutating func numbered(_ data: consuming MarketData) -> MarketData {
        sequence += 1
        data.reference = MarketReference(feed: name, sequence: sequence)
        return data
    }

    /// Passes over all messages up to this number: the windows are filled as if they were sent.
    /// False when the files end before it.
    public mutating func skip(through last: Int64) throws(MarketFileError) -> Bool {
        while sequence < last {
            if try next() == nil { return false }
        }
        return true
    }

    /// How far it is, for a progress bar.
    public var progress: ReplayProgress {
        ReplayProgress(
            rows: recordings.reduce(merge.rowsRead) { $0 + $1.rowsRead },
            bytes: recordings.reduce(merge.bytesTaken) { $0 + $1.bytesTaken },
            bytesTotal: recordings.reduce(merge.bytesTotal) { $0 + $1.bytesTotal },
            messages: sequence)
    }

    /// Prices the screener did not take, by reason.
    public var refusals: [ScreenerRefusal: Int] { screener.refusals }
}

/// How far a replay is.
public struct ReplayProgress: Equatable, Sendable {
    /// Rows read, over all files.
    public var rows: Int
    /// Bytes of the stored files read, and their sizes together.
    public var bytes: Int64
    public var bytesTotal: Int64
    /// Messages given.
    public var messages: Int64

    public init(rows: Int, bytes: Int64, bytesTotal: Int64, messages: Int64) {
        self.rows = rows
        self.bytes = bytes
        self.bytesTotal = bytesTotal
        self.messages = messages
    }
}
