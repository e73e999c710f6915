import CoreModels

/// Rows as nearly all files have them, read from left to right in one pass: plain digits, no quotes,
/// no blanks, times in milliseconds. Whatever looks different is left to `RowParser`, which alone
/// says what is malformed.
struct FastRow {
    /// What a column holds for us.
    private enum Role {
        case other, time, closeTime, symbol, price, quantity, quote, open, high, low
    }

    /// Bytes that have to be there behind a row's start.
    static let reserve = 2048
    private static let digitLimit = 18
    /// 10¹³ ms is 2286; what has 13 digits and is below the year 2100 is milliseconds for sure.
    private static let times: Range<UInt64> = 1_000_000_000_000..<4_102_444_800_000

    /// Eight times the digit 0.
    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    private let roles: [Role]
    private let delimiter: UInt8
    private let hasQuote: Bool
    private let hasCloseTime: Bool
    private let isCandle: Bool
    private var symbols: FastSymbols
    private let symbol: Symbol?

    init(_ layout: RowLayout, delimiter: UInt8, symbol: Symbol?) {
        var roles = [Role](repeating: .other, count: layout.columns)
        roles[layout.time] = .time
        roles[layout.price] = .price
        roles[layout.quantity] = .quantity
        if let column = layout.symbol { roles[column] = .symbol }
        if let column = layout.quote { roles[column] = .quote }
        if let column = layout.closeTime { roles[column] = .closeTime }
        if let candle = layout.candle {
            roles[candle.open] = .open
            roles[candle.high] = .high
            roles[candle.low] = .low
        }
        self.roles = roles
        self.delimiter = delimiter
        hasQuote = layout.quote != nil
        hasCloseTime = layout.closeTime != nil
        isCandle = layout.candle != nil
        self.symbol = layout.symbol == nil ? symbol : nil
        symbols = FastSymbols()
    }

    /// A number as digits and how many of them stand behind the point.
    private struct Digits {
        var value: UInt64 = 0
        var decimals = 0

        /// Below 10³⁶: it always fits.
        var raw: Int128 {
            @inline(__always) get { Int128(value) &* Int128(NumberText.power(18 - decimals)) }
        }
    }

    /// The numbers of one line.
    private struct Cells {
        var time: UInt64 = 0
        var closeTime: UInt64 = 0
        var price = Digits()
        var quantity = Digits()
        var quote = Digits()
        var open = Digits()
        var high = Digits()
        var low = Digits()
        var symbol: Symbol?
    }

    /// Reads the line at `start`, which has at least `reserve` bytes behind it.
    ///
    /// - Parameter row: becomes what the line says; of no use when that is nil.
    /// - Returns: the line's length; nil when it is not that simple.
    @inline(__always)
    mutating func read(
        _ start: UnsafePointer<UInt8>, interval: Int64, _ column: inout SymbolColumn,
        into row: inout MarketRow
    ) -> Int? {
        var place = start
        var cells = Cells()
        cells.symbol = symbol
        let last = roles.count - 1
        for index in 0...last {
            guard take(roles[index], &place, start, &column, into: &cells) else { return nil }
            if index == last { break }
            guard place.pointee == delimiter else { return nil }
            place += 1
        }
        if place.pointee == UInt8(ascii: "\r") { place += 1 }
        guard place.pointee == UInt8(ascii: "\n"), fill(&row, cells, interval) else { return nil }
        return place + 1 - start
    }

    @inline(__always)
    private mutating func take(
        _ role: Role, _ place: inout UnsafePointer<UInt8>, _ start: UnsafePointer<UInt8>,
        _ column: inout SymbolColumn, into cells: inout Cells
    ) -> Bool {
        switch role {
        case .other: Self.skip(&place, delimiter, start)
        case .time: return Self.time(&place, &cells.time)
        case .closeTime: return Self.time(&place, &cells.closeTime)
        case .symbol:
            let from = place
            Self.skip(&place, delimiter, start)
            cells.symbol = symbols.symbol(from, place - from, &column)
        case .price: return Self.number(&place, &cells.price)
        case .quantity: return Self.number(&place, &cells.quantity)
        case .quote: return Self.number(&place, &cells.quote)
        case .open: return Self.number(&place, &cells.open)
        case .high: return Self.number(&place, &cells.high)
        case .low: return Self.number(&place, &cells.low)
        }
        return true
    }

    @inline(__always)
    private func fill(_ row: inout MarketRow, _ cells: Cells, _ interval: Int64) -> Bool {
        guard cells.price.value > 0, let symbol = cells.symbol,
            let turnover = hasQuote ? cells.quote.raw : Self.product(cells.price, cells.quantity)
        else { return false }
        row.symbol = symbol
        row.time = Timestamp(milliseconds: Int64(cells.time))
        row.price = Price(raw: cells.price.raw)
        row.quantity = Quantity(raw: cells.quantity.raw)
        row.turnover = Money(raw: turnover)
        row.candle = nil
        guard isCandle else { return true }
        let candle = MarketRow.Candle(
            interval: hasCloseTime ? Self.length(cells.time, cells.closeTime) : interval,
            open: Price(raw: cells.open.raw), high: Price(raw: cells.high.raw),
            low: Price(raw: cells.low.raw))
        row.candle = candle
        return candle.low.isPositive && candle.low <= min(candle.open, row.price)
            && candle.high >= max(candle.open, row.price)
            && (candle.interval > 0 || !hasCloseTime)
    }

    /// Binance closes a candle one unit before the next one opens, others when it opens.
    @inline(__always)
    private static func length(_ open: UInt64, _ close: UInt64) -> Int64 {
        let length = Int64(close) - Int64(open)
        return length > 0 && length % 1000 == 999 ? length + 1 : length
    }

    /// To the delimiter or the line's end, eight bytes at a time; a quote or too long a line ends
    /// nowhere good.
    @inline(__always)
    private static func skip(
        _ place: inout UnsafePointer<UInt8>, _ delimiter: UInt8, _ start: UnsafePointer<UInt8>
    ) {
        let end = start + (reserve - 64)
        let delimiters = UInt64(delimiter) &* 0x0101_0101_0101_0101
        while place < end {
            let bytes = UnsafeRawPointer(place).loadUnaligned(as: UInt64.self)
            let others = bytes ^ delimiters
            // The lowest bit set stands in the first byte that is one, or is not above a quote.
            let found =
                ((others &- 0x0101_0101_0101_0101) & ~others)
                | ((bytes &- 0x2323_2323_2323_2323) & ~bytes)
            let marks = found & 0x8080_8080_8080_8080
            if marks != 0 {
                place += marks.trailingZeroBitCount >> 3
                return
            }
            place += 8
        }
    }

    @inline(__always)
    private static func number(
        _ place: inout UnsafePointer<UInt8>, _ digits: inout Digits
    ) -> Bool {
        let whole = run(place)
        guard whole.count < 8 else { return longNumber(&place, &digits) }
        let point = place + whole.count
        guard whole.count > 0 else { return false }
        guard point.pointee == UInt8(ascii: ".") else {
            place = point
            digits.value = whole.value
            return true
        }
        let fraction = run(point + 1)
        guard fraction.count < 8 || point[9] &- 48 >= 10 else {
            return longNumber(&place, &digits)
        }
        place = point + 1 + fraction.count
        digits.value = whole.value &* NumberText.power(fraction.count) &+ fraction.value
        digits.decimals = fraction.count
        return fraction.count > 0
    }

    /// The digits here, at most eight.
    @inline(__always)
    private static func run(_ place: UnsafePointer<UInt8>) -> (value: UInt64, count: Int) {
        let bytes = UnsafeRawPointer(place).loadUnaligned(as: UInt64.self)
        // The lowest bit set stands in the first byte that is no digit.
        let above = bytes &+ 0x4646_4646_4646_4646
        let values = bytes &- zeros
        let count = ((above | values) & 0x8080_8080_8080_8080).trailingZeroBitCount >> 3
        // Eight with zeros before them, the last in the highest byte.
        return (count == 0 ? 0 : eightDigits(values &<< UInt64(64 &- 8 &* count)), count)
    }

    /// Up to 18 digits, one by one.
    private static func longNumber(
        _ place: inout UnsafePointer<UInt8>, _ digits: inout Digits
    ) -> Bool {
        let start = place
        var value: UInt64 = 0
        var digit = UInt64(place.pointee) &- 48
        while digit < 10, place - start <= digitLimit {
            value = value &* 10 &+ digit
            place += 1
            digit = UInt64(place.pointee) &- 48
        }
        let whole = place - start
        var decimals = 0
        if place.pointee == UInt8(ascii: ".") {
            place += 1
            let point = place
            digit = UInt64(place.pointee) &- 48
            while digit < 10, place - start <= digitLimit + 1 {
                value = value &* 10 &+ digit
                place += 1
                digit = UInt64(place.pointee) &- 48
            }
            decimals = place - point
            if decimals == 0 { return false }
        }
        digits.value = value
        digits.decimals = decimals
        return whole > 0 && whole + decimals <= digitLimit
    }

    /// 13 digits, eight at a time.
    @inline(__always)
    private static func time(
        _ place: inout UnsafePointer<UInt8>, _ time: inout UInt64
    ) -> Bool {
        let raw = UnsafeRawPointer(place)
        let first = raw.loadUnaligned(as: UInt64.self)
        let second = (raw + 5).loadUnaligned(as: UInt64.self)
        guard isDigits(first), isDigits(second) else { return false }
        let value = eightDigits(first &- zeros) &* 100_000 &+ eightDigits(second &- zeros) % 100_000
        guard times.contains(value), place[13] &- 48 >= 10 else { return false }
        place += 13
        time = value
        return true
    }

    @inline(__always)
    private static func isDigits(_ bytes: UInt64) -> Bool {
        let above = bytes &+ 0x4646_4646_4646_4646
        return (above | (bytes &- zeros)) & 0x8080_8080_8080_8080 == 0
    }

    /// The number of eight digits 0…9, the first in the lowest byte.
    @inline(__always)
    private static func eightDigits(_ ones: UInt64) -> UInt64 {
        let pairs = (ones &* 10) &+ (ones >> 8)
        let high = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let low = ((pairs >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (high &+ low) >> 32
    }

    /// price × quantity, exact; nil when that is not possible with 18 decimals.
    @inline(__always)
    private static func product(_ price: Digits, _ quantity: Digits) -> Int128? {
        let decimals = price.decimals + quantity.decimals
        guard decimals <= 18 else { return nil }
        let product = price.value.multipliedFullWidth(by: quantity.value)
        if product.high == 0 {
            return Int128(product.low) &* Int128(NumberText.power(18 - decimals))
        }
        guard let high = Int64(exactly: product.high) else { return nil }
        let whole = Int128(high) << 64 | Int128(product.low)
        let (raw, overflow) = whole.multipliedReportingOverflow(
            by: Int128(NumberText.power(18 - decimals)))
        return overflow ? nil : raw
    }
}

/// The symbols of a column by their first bytes.
struct FastSymbols {
    private struct Known {
        var first: UInt64
        var second: UInt64
        var length: Int
        var symbol: Symbol
    }

    private static let size = 64
    private var known = [Known?](repeating: nil, count: size)

    /// A text of at most 16 bytes, recognised by its bytes; others, and the first time, through the
    /// column.
    @inline(__always)
    mutating func symbol(
        _ text: UnsafePointer<UInt8>, _ length: Int, _ column: inout SymbolColumn
    ) -> Symbol? {
        guard length > 0, length <= 16 else { return nil }
        let raw = UnsafeRawPointer(text)
        var first = raw.loadUnaligned(as: UInt64.self)
        var second: UInt64 = 0
        if length < 8 {
            first &= (1 << UInt64(8 * length)) &- 1
        } else if length > 8 {
            second = (raw + 8).loadUnaligned(as: UInt64.self)
            if length < 16 { second &= (1 << UInt64(8 * (length - 8))) &- 1 }
        }
        let hash = (first ^ (second &* 31)) &* 0x9E37_79B9_7F4A_7C15
        let slot = Int(hash >> 58)
        if let found = known[slot], found.first == first, found.second == second,
            found.length == length
        {
            return found.symbol
        }
        let bytes = UnsafeBufferPointer(start: text, count: length)
        guard let symbol = column.symbol(bytes.span, 0..<length) else { return nil }
        known[slot] = Known(first: first, second: second, length: length, symbol: symbol)
        return symbol
    }
}
