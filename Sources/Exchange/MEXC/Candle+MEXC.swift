import CoreModels

/// The data of `push.kline`. `q` (contracts) and the candle of real trades (`ro` …) are left alone.
enum CandleField: Int, WireField {
    case start, open, close, high, low, turnover

    static let names = ["t", "o", "c", "h", "l", "a"]
    static let table = FieldTable<Self>()
}

/// The data of `/contract/kline`: one array per field, all equally long.
enum CandleColumn: Int, WireField {
    case time, open, close, high, low, amount

    static let table = FieldTable<Self>()
}

extension Candle {
    private static let second: Int64 = 1000

    init(_ data: WireObject<CandleField>) throws(ExchangeError) {
        self.init(
            start: try data[.start].moment(unit: Self.second),
            open: try data[.open].positive(), high: try data[.high].positive(),
            low: try data[.low].positive(), close: try data[.close].positive(),
            turnover: try data[.turnover].notNegative())
    }

    /// The candles of a reply, in order of time.
    static func list(_ data: WireObject<CandleColumn>) throws(ExchangeError) -> [Candle] {
        var time = try data[.time].list()
        var open = try data[.open].list()
        var high = try data[.high].list()
        var low = try data[.low].list()
        var close = try data[.close].list()
        var amount = try data[.amount].list()
        var candles: [Candle] = []
        while let start = try time.next() {
            guard let open = try open.next(), let high = try high.next(), let low = try low.next(),
                let close = try close.next(), let amount = try amount.next()
            else { throw start.invalid("has more candles than another column") }
            candles.append(
                Candle(
                    start: try start.moment(unit: second), open: try open.positive(),
                    high: try high.positive(), low: try low.positive(),
                    close: try close.positive(), turnover: try amount.notNegative()))
        }
        for (column, rest) in [
            ("open", open), ("high", high), ("low", low), ("close", close), ("amount", amount),
        ] {
            var rest = rest
            if try rest.next() != nil {
                throw ExchangeError(.invalidField, "\(column) has more candles than time")
            }
        }
        return candles.sorted { $0.start < $1.start }
    }
}
