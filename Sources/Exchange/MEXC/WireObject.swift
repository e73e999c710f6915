import WireFormats

/// The fields that are read of one kind of object, in the order in which they are usually written.
protocol WireField: CaseIterable, RawRepresentable<Int>, Sendable {
    /// As the exchange writes them; the cases' own names unless said otherwise.
    static var names: [String] { get }
}

extension WireField {
    static var names: [String] { allCases.map { String(describing: $0) } }
}

/// The names of a `WireField`, made once.
struct FieldTable<Field: WireField>: Sendable {
    let names = Field.names
    let json = JSONNames(Field.names)
}

/// An object whose members were found and not read yet.
///
/// Members that the table does not know are passed over, `null` counts as absent, and a known one
/// that stands twice is refused.
struct WireObject<Field: WireField> {
    private let table: FieldTable<Field>
    private var places: [JSONReader?]
    private let name: String

    /// The object that begins where `json` stands; leaves it behind the object.
    init(
        _ json: inout JSONReader, _ table: FieldTable<Field>, name: String
    ) throws(ExchangeError) {
        self.table = table
        self.name = name
        places = Array(repeating: nil, count: table.names.count)
        do throws(JSONError) { try find(&json) } catch { throw ExchangeError(error, field: name) }
    }

    /// A whole document: behind it nothing but blanks may follow.
    init(
        document json: JSONReader, _ table: FieldTable<Field>, name: String
    ) throws(ExchangeError) {
        var json = json
        try self.init(&json, table, name: name)
        do throws(JSONError) { try json.end() } catch { throw ExchangeError(error, field: name) }
    }

    private mutating func find(_ json: inout JSONReader) throws(JSONError) {
        var cursor = JSONNames.Cursor()
        try json.beginObject()
        while let index = try json.nextMember(of: table.json, &cursor) {
            if try json.takeNull() { continue }
            places[index] = json
            try json.skip()
        }
    }

    /// The member, or an error that names it.
    subscript(field: Field) -> WireValue {
        get throws(ExchangeError) {
            guard let value = optional(field) else {
                throw ExchangeError(
                    .missingField, "\(name) has no \(table.names[field.rawValue])")
            }
            return value
        }
    }

    func optional(_ field: Field) -> WireValue? {
        places[field.rawValue].map { WireValue($0, name: table.names[field.rawValue]) }
    }
}
