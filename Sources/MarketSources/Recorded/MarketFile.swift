public import CoreModels
import DecisionCores

/// The rows of one recorded file in order of time.
///
/// Rows that stand out of order are put right within a look-ahead of `lookAhead` rows, equal times
/// by symbol and then as they stand; what lies further back is refused with its line. More than 1 %
/// malformed rows refuse the file at its end: `FileSurvey` finds that before anything is used.
public struct MarketFile {
    /// Rows held back to put them in order.
    public static let lookAhead = 1024

    private var reader: RowReader
    private var waiting = OrderedQueue<MarketRow>()
    private var lastTime = Timestamp(milliseconds: .min)

    /// `name` serves messages and tells, where nothing else does, symbol and interval.
    public init(
        name: String, source: any ByteSource, symbol: Symbol? = nil
    ) throws(MarketFileError) {
        let fileName = FileName(name)
        reader = try RowReader(file: name, source: source, symbol: symbol ?? fileName.symbol)
        while waiting.count < Self.lookAhead, try reader.next(into: &waiting) {}
        if isCandles { try findInterval(named: fileName.interval) }
        if waiting.isEmpty, reader.malformed.count == 0 { throw .noRows(file: name) }
    }

    public var name: String { reader.file }
    public var isCandles: Bool { reader.layout.candle != nil }
    /// The candles tell their length row by row: only a survey knows the longest.
    public var hasCloseTimes: Bool { reader.layout.closeTime != nil }
    /// The longest candle of the rows held back, in milliseconds; 0 for trades.
    public var interval: Int64 { waiting.all.reduce(0) { max($0, $1.candle?.interval ?? 0) } }
    public var malformed: MalformedRows { reader.malformed }
    /// Rows read so far, malformed ones and those held back counted among them.
    public var rowsRead: Int { reader.rows }
    public var bytesTaken: Int64 { reader.bytesTaken }
    public var bytesTotal: Int64 { reader.bytesTotal }

    public mutating func next() throws(MarketFileError) -> MarketRow? {
        try prepare()
        lastTime = waiting.firstTime ?? lastTime
        return waiting.popFirst()
    }

    /// The last price of each row, straight into `chunk`, until it holds `limit` or there are no
    /// more.
    mutating func takeLastPrices(
        into chunk: inout [Observation], upTo limit: Int
    ) throws(MarketFileError) {
        while chunk.count < limit {
            try prepare()
            guard !waiting.isEmpty else { return }
            let ahead = max(1, waiting.count - Self.lookAhead)
            let count = min(limit - chunk.count, ahead)
            chunk.append(addingCapacity: count) { chunk in
                for place in 0..<count { chunk.append(waiting[place].lastPrice) }
            }
            lastTime = waiting[count - 1].time
            waiting.removeFirst(count)
        }
    }

    /// Reads ahead. Rows that stand in order are read many at once: they are where they belong.
    private mutating func prepare() throws(MarketFileError) {
        if waiting.count <= Self.lookAhead {
            try reader.fill(&waiting, upTo: 2 * Self.lookAhead)
            if waiting.count <= Self.lookAhead, try reader.next(into: &waiting) {
                try refuseDisorder()
            }
        }
        if waiting.isEmpty { try refuseIfMalformed() }
    }

    private func refuseDisorder() throws(MarketFileError) {
        guard let first = waiting.firstTime, first < lastTime else { return }
        throw .outOfOrder(file: name, line: reader.line, time: first, after: lastTime)
    }

    private func refuseIfMalformed() throws(MarketFileError) {
        guard !reader.malformed.areTooMany(among: reader.rows) else {
            throw .tooManyMalformed(file: name, reader.malformed, rows: reader.rows)
        }
    }

    /// The smallest step between the first rows or, when that is less, what the name says (a file
    /// may have gaps, but no rows between its candles).
    private mutating func findInterval(named: Int64?) throws(MarketFileError) {
        guard reader.layout.closeTime == nil, !waiting.isEmpty else { return }
        var smallest = named ?? .max
        for (earlier, later) in zip(waiting.all, waiting.all.dropFirst()) {
            let step = later.time.since(earlier.time)
            if step > 0 { smallest = min(smallest, step) }
        }
        guard smallest < .max else { throw .noInterval(file: name) }
        reader.assume(interval: smallest)
        waiting.updateAll { $0.candle?.interval = smallest }
    }
}
