import CoreModels
import DecisionCores
import MarketSources

/// Short words for files made up by the tests.
enum Market {
    static func file(
        _ text: String, name: String = "BTCUSDT-1m.csv", symbol: String? = nil, piece: Int = 7
    ) throws(MarketFileError) -> MarketFile {
        try MarketFile(
            name: name, source: ByteArraySource(Array(text.utf8), piece: piece),
            symbol: symbol.flatMap(Symbol.init))
    }

    static func rows(
        _ text: String, name: String = "BTCUSDT-1m.csv", symbol: String? = nil, piece: Int = 7
    ) throws(MarketFileError) -> [MarketRow] {
        var file = try file(text, name: name, symbol: symbol, piece: piece)
        var rows: [MarketRow] = []
        while let row = try file.next() { rows.append(row) }
        return rows
    }

    /// `T BTC_USDT 1700000000000 100.5 2.0 201.0`.
    static func words(_ row: MarketRow) -> String {
        let last = "\(row.price) \(row.quantity) \(row.turnover)"
        guard let candle = row.candle else {
            return "T \(row.symbol) \(row.time.milliseconds) \(last)"
        }
        return "C \(row.symbol) \(row.time.milliseconds) \(candle.interval) \(candle.open) "
            + "\(candle.high) \(candle.low) \(last)"
    }

    /// `BTC_USDT 1700000000000 100.5 201.0`.
    static func words(_ observation: Observation) -> String {
        switch observation.turnover {
        case .traded(let money), .cumulative24h(let money):
            "\(observation.symbol) \(observation.timestamp.milliseconds) \(observation.price) "
                + "\(money)"
        }
    }

    static func observations(
        _ files: [MarketFile], candles: CandleMode = .close
    ) throws(MarketFileError) -> [String] {
        var streams: [ObservationStream] = []
        for file in files { streams.append(try ObservationStream(file, candles: candles)) }
        var merge = try MarketMerge(streams)
        var words: [String] = []
        while let observation = try merge.next() { words.append(Self.words(observation)) }
        return words
    }

    /// One trade a millisecond, at growing prices, from 1,700,000,000,000 ms.
    static func trades(_ count: Int, header: String = "ts_ms,price,qty") -> [String] {
        [header] + (0..<count).map { "\(1_700_000_000_000 + $0),\(100 + $0).5,2" }
    }
}
