import CoreModels
import WireFormats

/// A JSON reader that speaks of fields: it remembers the one it is in, so that errors name it.
/// Each reading returns nil for `null`.
struct EventReader {
    private var json: JSONReader
    private(set) var field = ""
    let origin: Origin

    init(borrowing bytes: UnsafeRawBufferPointer, origin: Origin) throws(EventError) {
        do throws(JSONError) {
            json = try JSONReader(borrowing: bytes)
            self.origin = origin
        } catch { throw EventError(error, field: "") }
    }

    /// Reads one whole message.
    static func read<Record>(
        _ bytes: RawSpan, origin: Origin,
        _ body: (inout EventReader) throws(EventError) -> Record
    ) throws(EventError) -> Record {
        try bytes.withUnsafeBytes { buffer throws(EventError) in
            var reader = try EventReader(borrowing: buffer, origin: origin)
            let record = try body(&reader)
            try reader.step { json throws(JSONError) in try json.end() }
            return record
        }
    }

    mutating func beginObject() throws(EventError) {
        try step { json throws(JSONError) in try json.beginObject() }
    }

    /// The next field of `table`, its value being next; others are skipped.
    mutating func next<Field>(
        _ table: FieldTable<Field>, _ cursor: inout JSONNames.Cursor
    ) throws(EventError) -> Field? {
        do throws(JSONError) {
            guard let index = try json.nextMember(of: table.names, &cursor) else {
                field = ""
                return nil
            }
            field = table.texts[index]
            return table.fields[index]
        } catch { throw EventError(error, field: "") }
    }

    func failure(_ reason: EventError.Reason) -> EventError {
        EventError(reason, field: field, at: json.offset)
    }

    /// The value, or an error that says it is missing.
    func require<T>(_ value: T?, _ name: String) throws(EventError) -> T {
        guard let value else {
            throw EventError(.missingField, field: name, at: json.offset)
        }
        return value
    }

    /// `type` has to be this one.
    mutating func type(_ expected: StaticString) throws(EventError) {
        let matches = try step { json throws(JSONError) in
            json.matches(try json.text(), expected)
        }
        guard matches else { throw failure(.wrongEventType) }
    }

    /// `v` has to be 1.
    mutating func version() throws(EventError) {
        guard try integer() ?? 1 == 1 else { throw failure(.wrongVersion) }
    }

    mutating func decimal<Unit>(_ unit: Unit.Type = Unit.self) throws(EventError) -> Fixed<Unit>? {
        do throws(JSONError) {
            return try json.takeNull() ? nil : Fixed(raw: try json.decimal())
        } catch { throw EventError(error, field: field) }
    }

    mutating func positive<Unit>(_ unit: Unit.Type = Unit.self) throws(EventError) -> Fixed<Unit>? {
        let value: Fixed<Unit>? = try decimal()
        if let value, !value.isPositive { throw failure(.notPositive) }
        return value
    }

    mutating func notNegative<Unit>(
        _ unit: Unit.Type = Unit.self
    ) throws(EventError) -> Fixed<Unit>? {
        let value: Fixed<Unit>? = try decimal()
        if let value, value.isNegative { throw failure(.outOfRange) }
        return value
    }

    mutating func integer() throws(EventError) -> Int64? {
        do throws(JSONError) {
            return try json.takeNull() ? nil : try json.integer()
        } catch { throw EventError(error, field: field) }
    }

    mutating func count() throws(EventError) -> Int64? {
        let value = try integer()
        if let value, value < 0 { throw failure(.outOfRange) }
        return value
    }

    mutating func flag() throws(EventError) -> Bool? {
        do throws(JSONError) {
            return try json.takeNull() ? nil : try json.flag()
        } catch { throw EventError(error, field: field) }
    }

    mutating func text() throws(EventError) -> String? {
        do throws(JSONError) {
            return try json.takeNull() ? nil : try json.string(json.text())
        } catch { throw EventError(error, field: field) }
    }

    /// The text, or `known` itself when it is the same: feeds repeat theirs a million times.
    mutating func text(known: KnownText) throws(EventError) -> String? {
        do throws(JSONError) {
            if try json.takeNull() { return nil }
            let text = try json.text()
            if !text.isEscaped, known.equals(json.slice(text)) { return known.text }
            return try json.string(text)
        } catch { throw EventError(error, field: field) }
    }

    /// One of an enumeration's values; nil also for a text that is none.
    mutating func known<Choice>(_ table: ChoiceTable<Choice>) throws(EventError) -> Choice? {
        do throws(JSONError) {
            return try json.takeNull() ? nil : table.find(json.slice(try json.text()))
        } catch { throw EventError(error, field: field) }
    }

    mutating func value() throws(EventError) -> Value {
        do throws(JSONError) { return try json.value() } catch {
            throw EventError(error, field: field)
        }
    }

    mutating func symbol() throws(EventError) -> Symbol? {
        let symbol: Symbol?
        do throws(JSONError) {
            if try json.takeNull() { return nil }
            let text = try json.text()
            symbol =
                text.isEscaped ? Symbol(try json.string(text)) : Symbol(buffer: json.slice(text))
        } catch { throw EventError(error, field: field) }
        guard let symbol else { throw failure(.badSymbol) }
        return symbol
    }

    mutating func side() throws(EventError) -> Side? {
        try choice(else: .badSide)
    }

    /// One of an enumeration's raw values.
    mutating func choice<Choice: RawRepresentable<String>>(
        else reason: EventError.Reason = .unknownValue
    ) throws(EventError) -> Choice? {
        guard let text = try text() else { return nil }
        guard let choice = Choice(rawValue: text) else { throw failure(reason) }
        return choice
    }

    /// 9999-12-31T23:59:59.999Z.
    private static let lastMillisecond = 253_402_300_799_999

    /// Milliseconds; from others a value below 10¹¹ is seconds. Years 1970…9999.
    mutating func timestamp() throws(EventError) -> Timestamp? {
        if let whole = json.takeShortInteger() {
            let isSeconds = origin != .ledger && whole < 100_000_000_000
            let milliseconds = isSeconds ? whole * 1000 : whole
            guard whole >= 0, milliseconds <= Self.lastMillisecond else {
                throw failure(.outOfRange)
            }
            return Timestamp(milliseconds: milliseconds)
        }
        guard let value = try decimal(RatioUnit.self) else { return nil }
        var milliseconds = value.raw / FixedArithmetic.one
        if origin != .ledger, milliseconds < 100_000_000_000 {
            milliseconds = value.raw / (FixedArithmetic.one / 1000)
        }
        guard value.raw >= 0, milliseconds <= Self.lastMillisecond else {
            throw failure(.outOfRange)
        }
        return Timestamp(milliseconds: Int64(milliseconds))
    }

    /// Reads an array, calling `body` for each element.
    mutating func list(
        _ body: (inout EventReader) throws(EventError) -> Void
    ) throws(EventError) {
        let name = field
        if try step({ json throws(JSONError) in try json.takeNull() }) { return }
        try step { json throws(JSONError) in try json.beginArray() }
        while try step({ json throws(JSONError) in try json.nextElement() }) { try body(&self) }
        field = name
    }

    mutating func takeNull() throws(EventError) -> Bool {
        try step { json throws(JSONError) in try json.takeNull() }
    }

    private mutating func step<Result>(
        _ body: (inout JSONReader) throws(JSONError) -> Result
    ) throws(EventError) -> Result {
        do throws(JSONError) { return try body(&json) } catch {
            throw EventError(error, field: field)
        }
    }
}
