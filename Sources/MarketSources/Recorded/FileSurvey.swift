public import CoreModels

/// What a file holds, found by reading it once from end to end before it is used.
public struct FileSurvey: Equatable, Sendable {
    public let name: String
    public let isCandles: Bool
    /// Market data as `cdb record` saw it.
    public let isRecording: Bool
    /// Good rows.
    public let rows: Int
    public let malformed: MalformedRows
    public let first: Timestamp
    public let last: Timestamp
    /// The longest candle in milliseconds; 0 for trades.
    public let interval: Int64
    /// Sorted.
    public let symbols: [Symbol]

    /// Refuses what `MarketFile` refuses anywhere in the file.
    public init(_ opened: consuming MarketFile) throws(MarketFileError) {
        var file = opened
        var rows = 0
        var first: Timestamp?
        var last = Timestamp(milliseconds: 0)
        var interval: Int64 = 0
        var index = SymbolIndex()
        while let row = try file.next() {
            rows += 1
            if first == nil { first = row.time }
            last = row.time
            _ = index.number(of: row.symbol)
            interval = max(interval, row.candle?.interval ?? 0)
        }
        guard let first else { throw .noRows(file: file.name) }
        name = file.name
        isCandles = file.isCandles
        self.rows = rows
        malformed = file.malformed
        self.first = first
        self.last = last
        self.interval = interval
        symbols = index.symbols.sorted()
        isRecording = false
    }

    /// As of other files; times are those of the messages.
    public init(_ opened: consuming Recording) throws(MarketFileError) {
        var file = opened
        var rows = 0
        var times: ClosedRange<Timestamp>?
        var index = SymbolIndex()
        while let message = try file.next() {
            rows += 1
            let time = message.data.timestamp
            times = min(times?.lowerBound ?? time, time)...max(times?.upperBound ?? time, time)
            _ = index.number(of: message.data.symbol)
        }
        guard let times else { throw .noRows(file: file.name) }
        name = file.name
        isCandles = false
        self.rows = rows
        malformed = file.malformed
        first = times.lowerBound
        last = times.upperBound
        interval = 0
        symbols = index.symbols.sorted()
        isRecording = true
    }
}
