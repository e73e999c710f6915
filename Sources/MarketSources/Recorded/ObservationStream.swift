import CoreModels
public import DecisionCores

/// One file's rows as prices in order of time.
public struct ObservationStream {
    public private(set) var file: MarketFile
    private let mode: CandleMode
    /// Prices of candles already read.
    private var pending = OrderedQueue<Observation>()
    private var row: MarketRow?
    /// Rows are one price each, in the order of the rows, and are taken without holding one back.
    private var isTakenWhole = false

    public init(_ file: MarketFile, candles mode: CandleMode) throws(MarketFileError) {
        self.file = file
        self.mode = mode
        row = try self.file.next()
    }

    /// Prices into `chunk`, until it holds `limit` or there are no more.
    mutating func take(
        into chunk: inout [Observation], upTo limit: Int
    ) throws(MarketFileError) {
        // Closes of candles of one length come in the order of their rows.
        let isSingle = !file.isCandles || (mode == .close && !file.hasCloseTimes)
        if let row, isSingle, pending.isEmpty, chunk.count < limit {
            chunk.append(row.lastPrice)
            self.row = nil
            isTakenWhole = true
        }
        if isTakenWhole { return try file.takeLastPrices(into: &chunk, upTo: limit) }
        while chunk.count < limit, let observation = try next() { chunk.append(observation) }
    }

    public mutating func next() throws(MarketFileError) -> Observation? {
        while let row {
            guard let candle = row.candle else {
                self.row = try file.next()
                return row.lastPrice
            }
            // Prices of this candle and of all after it come no earlier than this.
            let earliest = candle.firstTime(from: row.time, mode)
            if let time = pending.firstTime, let symbol = pending.firstSymbol,
                (time, symbol) <= (earliest, row.symbol)
            {
                return pending.popFirst()
            }
            row.insert(candle, into: &pending, mode)
            self.row = try file.next()
        }
        return pending.popFirst()
    }
}
