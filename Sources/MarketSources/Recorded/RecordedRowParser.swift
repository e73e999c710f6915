import CoreModels

/// One line of a recording to one message, by the columns its header names.
struct RecordedRowParser {
    /// Where each column stands; every one has to be there.
    private let places: [Int]
    private let columns: Int
    private var symbols = SymbolColumn()
    // What the rows before had: most rows repeat it.
    private var feed: (bytes: [UInt8], text: String) = ([], "")
    private var interval: (bytes: [UInt8], text: String) = ([], "")
    private static let sources = MarketSource.allCases.map { ($0, Array($0.rawValue.utf8)) }

    /// Nil when the header does not name all columns of a recording; others are passed over.
    init?(header: [String]) {
        var places: [Int] = []
        for column in RecordedMessage.Column.allCases {
            guard let place = header.firstIndex(of: column.name), place < Fields.limit else {
                return nil
            }
            places.append(place)
        }
        self.places = places
        columns = header.count
    }

    mutating func parse(
        _ bytes: Span<UInt8>, _ fields: borrowing Fields
    ) throws(MalformedRow) -> RecordedMessage {
        guard fields.count == columns else {
            throw .columns(found: fields.count, expected: columns)
        }
        guard let symbol = symbols.symbol(bytes, fields[self[.symbol]]) else { throw .symbol }
        var data = MarketData(
            symbol: symbol, timestamp: try Self.time(bytes, fields[self[.timestamp]]),
            price: Price(raw: try Self.price(bytes, fields[self[.price]])),
            volume: Money(raw: try Self.amount(bytes, fields[self[.volume]])),
            pctChange: Ratio(raw: try Self.number(bytes, fields[self[.pctChange]])))
        if !fields[self[.bid]].isEmpty {
            data.bid = Price(raw: try Self.price(bytes, fields[self[.bid]]))
        }
        if !fields[self[.ask]].isEmpty {
            data.ask = Price(raw: try Self.price(bytes, fields[self[.ask]]))
        }
        if !fields[self[.volume24h]].isEmpty {
            data.volume24h = Money(raw: try Self.amount(bytes, fields[self[.volume24h]]))
        }
        data.interval = try Self.text(bytes, fields[self[.interval]], &interval)
        data.source = try Self.source(bytes, fields[self[.source]])
        if !fields[self[.sequence]].isEmpty {
            guard let sequence = Self.integer(bytes, fields[self[.sequence]]) else { throw .text }
            data.reference = MarketReference(
                feed: try Self.text(bytes, fields[self[.feed]], &feed), sequence: sequence)
        }
        return RecordedMessage(data, receivedAt: try Self.time(bytes, fields[self[.received]]))
    }

    private subscript(column: RecordedMessage.Column) -> Int { places[column.rawValue] }

    // MARK: - Fields

    private static func time(
        _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(MalformedRow) -> Timestamp {
        guard let milliseconds = integer(bytes, place) else { throw .time }
        return Timestamp(milliseconds: milliseconds)
    }

    private static func price(
        _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(MalformedRow) -> Int128 {
        guard let raw = NumberText.decimal(bytes, place), raw > 0 else { throw .price }
        return raw
    }

    private static func amount(
        _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(MalformedRow) -> Int128 {
        guard let raw = NumberText.decimal(bytes, place), raw >= 0 else { throw .quantity }
        return raw
    }

    private static func number(
        _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(MalformedRow) -> Int128 {
        guard let raw = NumberText.decimal(bytes, place) else { throw .change }
        return raw
    }

    private static func source(
        _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(MalformedRow) -> MarketSource {
        for (source, text) in sources where isEqual(bytes, place, text) { return source }
        throw .text
    }

    private static func text(
        _ bytes: Span<UInt8>, _ place: Range<Int>, _ last: inout (bytes: [UInt8], text: String)
    ) throws(MalformedRow) -> String {
        if isEqual(bytes, place, last.bytes) { return last.text }
        guard let text = RecordedText.read(bytes, place) else { throw .text }
        last = (place.map { bytes[$0] }, text)
        return text
    }

    private static func isEqual(
        _ bytes: Span<UInt8>, _ place: Range<Int>, _ other: [UInt8]
    ) -> Bool {
        guard place.count == other.count else { return false }
        for index in other.indices where bytes[place.lowerBound + index] != other[index] {
            return false
        }
        return true
    }

    private static func integer(_ bytes: Span<UInt8>, _ place: Range<Int>) -> Int64? {
        guard !place.isEmpty else { return nil }
        let isNegative = bytes[place.lowerBound] == UInt8(ascii: "-")
        let digits = isNegative ? place.dropFirst() : place
        guard !digits.isEmpty, digits.count <= 19 else { return nil }
        var value: UInt64 = 0
        for index in digits {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + UInt64(digit)
        }
        guard let magnitude = Int64(exactly: value) else { return nil }
        return isNegative ? -magnitude : magnitude
    }
}
