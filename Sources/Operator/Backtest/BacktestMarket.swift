import Backtesting
import CoreModels
import DecisionCores
import MarketFiles
import MarketSources

/// Recorded files for a backtest: opened, not surveyed, so that each is read and understood once.
/// What a survey would refuse is refused where it stands, and nothing of the run is kept.
struct BacktestMarket {
    let paths: [String]
    /// The feed's name: that of a replay of the same files.
    let feed: String
    /// True when a file holds candles: `PAPER_LATENCY_MS` is then 1 where it is not set.
    let hasCandles: Bool
    /// The longest candle in milliseconds, 0 without candles.
    let longestInterval: Int64
    private let candles: CandleMode
    private let symbol: Symbol?
    /// Market data as `cdb record` saw it; nil for trades and candles.
    private let recorded: RecordedMarket?

    init(
        paths: [String], candles: CandleMode, symbol: Symbol?
    ) throws(CommandFailure) {
        do throws(MarketFileError) {
            try self.init(opening: paths, candles, symbol)
        } catch { throw .wrongUse(error.description) }
    }

    private init(
        opening paths: [String], _ candles: CandleMode, _ symbol: Symbol?
    ) throws(MarketFileError) {
        self.paths = paths
        self.candles = candles
        self.symbol = symbol
        if let first = paths.first, try Recording.isOne(StoredFileSource.open(first)) {
            let market = try RecordedMarket(paths: paths, candles: candles)
            recorded = market
            feed = market.feed
            hasCandles = false
            longestInterval = 0
            return
        }
        recorded = nil
        feed = ReplayFeed.name(try FeedDigest.of(paths, candles: candles))
        var hasCandles = false
        var longest: Int64 = 0
        for path in paths {
            let file = try Self.open(path, symbol)
            hasCandles = hasCandles || file.isCandles
            let interval = file.hasCloseTimes ? try FileSurvey(file).interval : file.interval
            longest = max(longest, interval)
        }
        self.hasCandles = hasCandles
        longestInterval = longest
    }

    /// All files from their first price on, those outside `from` (included) to `to` (not included)
    /// left out.
    func makeReader(
        from: Timestamp? = nil, to: Timestamp? = nil
    ) throws(CommandFailure) -> MarketReader {
        do throws(MarketFileError) {
            if let recorded {
                return MarketReader(
                    merge: try MarketMerge([]), recorded: try recorded.makeFeed(), from: from,
                    to: to)
            }
            var streams: [ObservationStream] = []
            for path in paths {
                streams.append(try ObservationStream(Self.open(path, symbol), candles: candles))
            }
            return MarketReader(merge: try MarketMerge(streams), from: from, to: to)
        } catch { throw .wrongUse(error.description) }
    }

    /// From the first price to the last of those that count.
    func span(
        from: Timestamp?, to: Timestamp?
    ) throws(CommandFailure) -> ClosedRange<Timestamp> {
        var reader = try makeReader(from: from, to: to)
        var first: Timestamp?
        var last: Timestamp?
        while try reader.next() {
            first = first ?? reader.prices.first?.timestamp
            last = reader.prices.last?.timestamp ?? last
        }
        guard let first, let last else { throw .wrongUse("no price lies in that time") }
        return first...last
    }

    private static func open(
        _ path: String, _ symbol: Symbol?
    ) throws(MarketFileError) -> MarketFile {
        try MarketFile(name: path, source: StoredFileSource.open(path), symbol: symbol)
    }
}

/// The prices of a market, some at a time.
struct MarketReader {
    /// Few enough to stay near the processor.
    private static let limit = 512

    private var merge: MarketMerge
    private var recorded: ReplayFeed?
    private(set) var prices: [Observation] = []
    /// The messages of a recording, one for each price; empty for trades and candles.
    private var messages: [MarketData] = []
    private let from: Timestamp?
    private let to: Timestamp?

    init(merge: MarketMerge, recorded: ReplayFeed? = nil, from: Timestamp?, to: Timestamp?) {
        self.merge = merge
        self.recorded = recorded
        self.from = from
        self.to = to
    }

    /// False when there are no more. Malformed rows are looked for to the end of the files, also
    /// behind `to`.
    mutating func next() throws(CommandFailure) -> Bool {
        do throws(MarketFileError) {
            if recorded != nil { return try nextRecorded() }
            guard try merge.next(into: &prices, upTo: Self.limit) else { return false }
        } catch { throw .wrongUse(error.description) }
        if let from, let first = prices.first, first.timestamp < from {
            prices.removeAll { $0.timestamp < from }
        }
        if let to, let last = prices.last, last.timestamp >= to {
            prices.removeAll { $0.timestamp >= to }
        }
        return true
    }

    /// Times of a recording may go back: each is looked at.
    private mutating func nextRecorded() throws(MarketFileError) -> Bool {
        messages.removeAll(keepingCapacity: true)
        var isThere = false
        while messages.count < Self.limit, let data = try recorded?.next() {
            isThere = true
            if let from, data.timestamp < from { continue }
            if let to, data.timestamp >= to { continue }
            messages.append(data)
        }
        prices = messages.map(Observation.init)
        return isThere
    }

    /// Hands prices over from the place `start` on until one leads to something.
    ///
    /// - Returns: the place behind the last one taken.
    func feed(_ backtest: inout Backtest, from start: Int) -> Int {
        guard recorded != nil else { return backtest.observe(prices.span, from: start) }
        var place = start
        while place < messages.count {
            backtest.observe(recorded: messages[place])
            place += 1
            if !backtest.events.isEmpty { break }
        }
        return place
    }

    /// How far it is, for a progress bar.
    var progress: ReplayProgress {
        recorded?.progress
            ?? ReplayProgress(
                rows: merge.rowsRead, bytes: merge.bytesTaken, bytesTotal: merge.bytesTotal,
                messages: 0)
    }

    /// The files as far as they are read.
    var files: [BacktestResult.File] {
        recorded?.recordings.map(BacktestResult.File.init)
            ?? merge.files.map(BacktestResult.File.init)
    }
}
