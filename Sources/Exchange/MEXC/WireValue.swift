import CoreModels
import WireFormats

/// A JSON value where it lies, found but not read yet. Errors name its field.
///
/// Valid as long as the frame's bytes; nothing is copied but the texts a caller asks for.
struct WireValue {
    /// Of a text that people shall read, in characters: a channel's name, a complaint.
    static let wordLimit = 200

    private var json: JSONReader
    let name: String

    init(_ json: JSONReader, name: String) {
        self.json = json
        self.name = name
    }

    func kind() throws(ExchangeError) -> JSONReader.Kind {
        try step { json throws(JSONError) in try json.kind() }
    }

    func decimal<Unit>() throws(ExchangeError) -> Fixed<Unit> {
        Fixed(raw: try step { json throws(JSONError) in try json.decimal() })
    }

    func positive<Unit>() throws(ExchangeError) -> Fixed<Unit> {
        let value: Fixed<Unit> = try decimal()
        guard value.isPositive else { throw invalid("is not above zero") }
        return value
    }

    func notNegative<Unit>() throws(ExchangeError) -> Fixed<Unit> {
        let value: Fixed<Unit> = try decimal()
        guard !value.isNegative else { throw invalid("is below zero") }
        return value
    }

    func integer() throws(ExchangeError) -> Int64 {
        try step { json throws(JSONError) in try json.integer() }
    }

    func flag() throws(ExchangeError) -> Bool {
        try step { json throws(JSONError) in try json.flag() }
    }

    /// A moment of the years 1970…9999 in units of `unit` milliseconds.
    func moment(unit: Int64 = 1) throws(ExchangeError) -> Timestamp {
        let count = try integer()
        guard count >= 0, count <= 253_402_300_799_999 / unit else {
            throw invalid("is no time")
        }
        return Timestamp(milliseconds: count * unit)
    }

    func symbol() throws(ExchangeError) -> Symbol {
        let symbol = try step { json throws(JSONError) in
            let text = try json.text()
            return text.isEscaped ? nil : Symbol(buffer: json.slice(text))
        }
        guard let symbol else { throw invalid("is no symbol") }
        return symbol
    }

    func text() throws(ExchangeError) -> String {
        try step { json throws(JSONError) in try json.string(json.text()) }
    }

    /// A text cut to `wordLimit`.
    func words() throws(ExchangeError) -> String { String(try text().prefix(Self.wordLimit)) }

    /// Its elements, when it is an array.
    func list() throws(ExchangeError) -> WireList {
        var json = json
        do throws(JSONError) { try json.beginArray() } catch {
            throw ExchangeError(error, field: name)
        }
        return WireList(json, name: name)
    }

    /// Where its members lie, when it is an object.
    func object<Field>(_ table: FieldTable<Field>) throws(ExchangeError) -> WireObject<Field> {
        var json = json
        return try WireObject(&json, table, name: name)
    }

    func invalid(_ why: String) -> ExchangeError {
        ExchangeError(.invalidField, "\(name) \(why)")
    }

    private func step<Result>(
        _ body: (inout JSONReader) throws(JSONError) -> Result
    ) throws(ExchangeError) -> Result {
        var json = json
        do throws(JSONError) { return try body(&json) } catch {
            throw ExchangeError(error, field: name)
        }
    }
}
