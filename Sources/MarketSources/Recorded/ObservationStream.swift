import CoreModels
public import DecisionCores

/// One file's rows as prices in order of time.
public struct ObservationStream {
    public private(set) var file: MarketFile
    private let mode: CandleMode
    /// Prices of candles already read.
    private var pending = OrderedQueue<Observation>()
    private var row: MarketRow?

    public init(_ file: MarketFile, candles mode: CandleMode) throws(MarketFileError) {
        self.file = file
        self.mode = mode
        row = try self.file.next()
    }

    public mutating func next() throws(MarketFileError) -> Observation? {
        while let row {
            guard let candle = row.candle else {
                self.row = try file.next()
                return row.observation
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
