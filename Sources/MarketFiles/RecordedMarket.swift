public import DecisionCores
public import CoreModels
public import MarketSources

/// Recorded files, each read once from end to end and found good, ready to be replayed.
public struct RecordedMarket: Sendable {
    public let paths: [String]
    public let candles: CandleMode
    /// One per file, in the order they were named.
    public let surveys: [FileSurvey]
    /// The feed's name: equal files and candle mode, equal name.
    public let feed: String
    private let digest: [UInt8]
    private let symbol: Symbol?

    /// Opens and surveys the files. `symbol`: of files whose name and rows tell none.
    ///
    /// - Throws: what is wrong with the first bad file, in words for the operator (exit code 2).
    public init(
        paths: [String], candles: CandleMode, symbol: Symbol? = nil
    ) throws(MarketFileError) {
        self.paths = paths
        self.candles = candles
        self.symbol = symbol
        var surveys: [FileSurvey] = []
        for path in paths {
            surveys.append(
                try Self.isRecording(path)
                    ? FileSurvey(Self.openRecording(path)) : FileSurvey(Self.open(path, symbol)))
        }
        self.surveys = surveys
        if let recording = surveys.first(where: \.isRecording),
            let other = surveys.first(where: { !$0.isRecording })
        {
            throw .mixed(recording: recording.name, other: other.name)
        }
        // A recording is the same feed whatever was said of candles.
        let isRecording = surveys.contains(where: \.isRecording)
        digest = try FeedDigest.of(paths, candles: isRecording ? .close : candles)
        feed = ReplayFeed.name(digest)
    }

    /// A feed from the first message, or after the message `sequence`.
    ///
    /// An empty whitelist means every symbol of the files, whatever its quote currency. Recordings
    /// are not screened again.
    public func makeFeed(
        after sequence: Int64 = 0, screener: ScreenerSettings = .default
    ) throws(MarketFileError) -> ReplayFeed {
        if isRecording {
            var recordings: [Recording] = []
            for path in paths { recordings.append(try Self.openRecording(path)) }
            var feed = try ReplayFeed(digest: digest, recordings: recordings)
            _ = try feed.skip(through: sequence)
            return feed
        }
        var settings = screener
        if settings.whitelist.isEmpty { settings.whitelist = symbols }
        var files: [MarketFile] = []
        for path in paths { files.append(try Self.open(path, symbol)) }
        var feed = try ReplayFeed(
            digest: digest, files: files, candles: candles, screener: settings)
        _ = try feed.skip(through: sequence)
        return feed
    }

    /// All symbols of all files, sorted.
    public var symbols: [Symbol] {
        var all: [Symbol] = []
        for symbol in surveys.flatMap(\.symbols).sorted() where all.last != symbol {
            all.append(symbol)
        }
        return all
    }

    /// Market data as `cdb record` saw it, instead of trades or candles.
    public var isRecording: Bool { surveys.contains(where: \.isRecording) }

    public var rows: Int { surveys.reduce(0) { $0 + $1.rows } }

    /// True when a file holds candles: `PAPER_LATENCY_MS` is then 1 where it is not set.
    public var hasCandles: Bool { surveys.contains(where: \.isCandles) }

    /// The longest candle in milliseconds, 0 without candles; the stale timeout is at least twice
    /// that.
    public var longestInterval: Int64 { surveys.map(\.interval).max() ?? 0 }

    /// From the first row to the last.
    public var span: ClosedRange<Timestamp>? {
        guard let first = surveys.map(\.first).min(), let last = surveys.map(\.last).max() else {
            return nil
        }
        return first...last
    }

    private static func isRecording(_ path: String) throws(MarketFileError) -> Bool {
        try Recording.isOne(StoredFileSource.open(path))
    }

    private static func openRecording(_ path: String) throws(MarketFileError) -> Recording {
        try Recording(name: path, source: StoredFileSource.open(path))
    }

    private static func open(
        _ path: String, _ symbol: Symbol?
    ) throws(MarketFileError) -> MarketFile {
        try MarketFile(name: path, source: StoredFileSource.open(path), symbol: symbol)
    }
}
