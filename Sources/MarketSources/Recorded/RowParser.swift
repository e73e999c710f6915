import CoreModels

/// One line's fields to one row.
struct RowParser {
    let layout: RowLayout
    /// The symbol of rows that name none.
    private let symbol: Symbol?
    /// Of candles whose close time is not in the file, in milliseconds.
    var interval: Int64 = 0
    var symbols = SymbolColumn()

    init(layout: RowLayout, symbol: Symbol?) {
        self.layout = layout
        self.symbol = symbol
    }

    mutating func parse(
        _ bytes: Span<UInt8>, _ fields: borrowing Fields
    ) throws(MalformedRow) -> MarketRow {
        guard fields.count == layout.columns else {
            throw .columns(found: fields.count, expected: layout.columns)
        }
        let time = try Self.time(bytes, fields[layout.time], layout.timeIsMilliseconds)
        let symbol = try self.symbol(bytes, fields)
        let price = try Self.positive(bytes, fields[layout.price])
        let quantity = try Self.notNegative(bytes, fields[layout.quantity])
        let turnover: Money
        if let quote = layout.quote {
            turnover = Money(raw: try Self.notNegative(bytes, fields[quote]).raw)
        } else {
            guard let product = price.times(quantity, .nearest) else { throw .overflow }
            turnover = product
        }
        var row = MarketRow(
            symbol: symbol, time: time, price: price, quantity: quantity, turnover: turnover)
        if let columns = layout.candle {
            var interval = self.interval
            if let closeTime = layout.closeTime {
                interval = Self.interval(
                    from: time, to: try Self.time(bytes, fields[closeTime], false))
                guard interval > 0 else { throw .time }
            }
            row.candle = try Self.candle(bytes, fields, columns, interval, close: price)
        }
        return row
    }

    private static func candle(
        _ bytes: Span<UInt8>, _ fields: borrowing Fields, _ columns: RowLayout.Candle,
        _ interval: Int64, close: Price
    ) throws(MalformedRow) -> MarketRow.Candle {
        let candle = MarketRow.Candle(
            interval: interval, open: try positive(bytes, fields[columns.open]),
            high: try positive(bytes, fields[columns.high]),
            low: try positive(bytes, fields[columns.low]))
        guard candle.low <= min(candle.open, close), candle.high >= max(candle.open, close)
        else { throw .candleShape }
        return candle
    }

    private mutating func symbol(
        _ bytes: Span<UInt8>, _ fields: borrowing Fields
    ) throws(MalformedRow) -> Symbol {
        if let column = layout.symbol {
            guard let found = symbols.symbol(bytes, fields[column]) else { throw .symbol }
            return found
        }
        guard let symbol else { throw .symbol }
        return symbol
    }

    @inline(__always)
    private static func time(
        _ bytes: Span<UInt8>, _ place: Range<Int>, _ namedMilliseconds: Bool
    ) throws(MalformedRow) -> Timestamp {
        guard
            let milliseconds = NumberText.milliseconds(
                bytes, place, namedMilliseconds: namedMilliseconds)
        else { throw .time }
        return Timestamp(milliseconds: milliseconds)
    }

    @inline(__always)
    private static func positive(
        _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(MalformedRow) -> Price {
        guard let raw = NumberText.decimal(bytes, place), raw > 0 else { throw .price }
        return Price(raw: raw)
    }

    @inline(__always)
    private static func notNegative(
        _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(MalformedRow) -> Quantity {
        guard let raw = NumberText.decimal(bytes, place), raw >= 0 else { throw .quantity }
        return Quantity(raw: raw)
    }

    /// Binance closes a candle one unit before the next one opens, others when it opens.
    private static func interval(from openTime: Timestamp, to closeTime: Timestamp) -> Int64 {
        let length = closeTime.since(openTime)
        return length > 0 && length % 1000 == 999 ? length + 1 : length
    }
}
