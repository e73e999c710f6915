/// Which column of a file holds what.
struct RowLayout: Equatable, Sendable {
    /// The columns only candles have.
    struct Candle: Equatable, Sendable {
        var open: Int
        var high: Int
        var low: Int
    }

    /// The trade's time or the candle's open time.
    var time: Int
    /// The column's name says milliseconds, so that small numbers are not taken for seconds.
    var timeIsMilliseconds = false
    /// The trade's price or the candle's close.
    var price: Int
    /// In base currency.
    var quantity: Int
    /// Nil in a file of trades.
    var candle: Candle?
    var symbol: Int?
    /// Turnover in quote currency.
    var quote: Int?
    /// Tells a candle's interval.
    var closeTime: Int?
    /// Every row has as many.
    var columns: Int

    /// The layout a header names, or the reason why it names none.
    static func named(by header: [String]) -> Result<RowLayout, Unknown> {
        guard RecordedRowParser(header: header) == nil else {
            return .failure(
                Unknown(
                    reason: "it is a recording of market_data, not of trades or candles: "
                        + "cdb replay and cdb up --feed replay play it"))
        }
        let names = ColumnNames(header)
        var candle: Candle?
        if let open = names.find(["open", "o", "openprice"]),
            let high = names.find(["high", "h", "highprice"]),
            let low = names.find(["low", "l", "lowprice"])
        {
            candle = Candle(open: open, high: high, low: low)
        }
        let isCandles = candle != nil
        guard let price = names.find(isCandles ? ColumnNames.closes : ColumnNames.prices) else {
            return .failure(names.missing("a price (price; or open, high, low and close)"))
        }
        guard let quantity = names.find(isCandles ? ColumnNames.volumes : ColumnNames.quantities)
        else {
            return .failure(names.missing("a quantity (qty, quantity, size; or volume_base)"))
        }
        guard let time = names.find((isCandles ? ColumnNames.openTimes : []) + ColumnNames.times)
        else { return .failure(names.missing("a time (ts_ms, time, open_time_ms)")) }
        return .success(
            RowLayout(
                time: time, timeIsMilliseconds: names.normalized[time].hasSuffix("ms"),
                price: price, quantity: quantity, candle: candle,
                symbol: names.find(["symbol", "pair", "instrument", "market", "ticker"]),
                quote: names.find(ColumnNames.quotes),
                closeTime: isCandles ? names.find(["closetime"]) : nil, columns: header.count))
    }

    /// The layout that a first row without header shows by its number of columns and their form.
    static func shown(by row: [String]) -> Result<RowLayout, Unknown> {
        let opensWithTime = isTime(row[0])
        let flags = row.indices.filter { ["true", "false"].contains(row[$0].lowercased()) }
        let first = flags.first ?? -1
        switch (row.count, first) {
        // Binance klines; MEXC and Binance klines as their REST interfaces give them; the bare six.
        case (11...12, -1) where opensWithTime, (8, -1) where opensWithTime && isTime(row[6]):
            return .success(klines(row.count, quote: 7, closeTime: 6))
        case (6...7, -1) where opensWithTime:
            return .success(klines(row.count, quote: nil, closeTime: nil))
        // trades: id, price, quantity, quote quantity, time, flags.
        case (6...7, 5) where isTime(row[4]):
            return .success(
                RowLayout(time: 4, price: 1, quantity: 2, quote: 3, columns: row.count))
        // aggTrades: id, price, quantity, first id, last id, time, flags.
        case (7...8, 6) where isTime(row[5]):
            return .success(
                RowLayout(time: 5, price: 1, quantity: 2, columns: row.count))
        default:
            return .failure(
                Unknown(
                    reason: "\(row.count) columns without a header are neither Binance or MEXC "
                        + "klines, nor trades, nor aggTrades: "
                        + "add a header like ts_ms,symbol,price,qty,side"))
        }
    }

    private static func klines(_ columns: Int, quote: Int?, closeTime: Int?) -> RowLayout {
        RowLayout(
            time: 0, price: 4, quantity: 5, candle: Candle(open: 1, high: 2, low: 3), quote: quote,
            closeTime: closeTime, columns: columns)
    }

    private static func isTime(_ text: String) -> Bool {
        [10, 13, 16, 19].contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Why a layout is not known.
    struct Unknown: Error, Equatable {
        var reason: String
    }
}
