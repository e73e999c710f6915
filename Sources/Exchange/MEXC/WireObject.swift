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
    /// The most fields one kind of object has.
    static var limit: Int { 16 }

    let names = Field.names
    let json = JSONNames(Field.names)

    init() {
        precondition(names.count <= Self.limit, "\(Field.self) has too many fields")
    }
}

/// An object whose members were found and not read yet.
///
/// Members that the table does not know are passed over, `null` counts as absent, and a known one
/// that stands twice is refused.
struct WireObject<Field: WireField> {
    private let table: FieldTable<Field>
    /// Inside the object.
    private var json: JSONReader
    /// Of the members' values; -1 where there is none.
    private var offsets = InlineArray<16, Int>(repeating: -1)
    private let name: String

    /// The object that begins where `json` stands; leaves it behind the object.
    init(
        _ json: inout JSONReader, _ table: FieldTable<Field>, name: String
    ) throws(ExchangeError) {
        self.table = table
        self.name = name
        self.json = json
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
        self.json = json
        while let index = try json.nextMember(of: table.json, &cursor) {
            if try json.takeNull() { continue }
            offsets[index] = json.offset
            try json.pass()
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
        let offset = offsets[field.rawValue]
        guard offset >= 0 else { return nil }
        return WireValue(json.standing(at: offset), name: table.names[field.rawValue])
    }
}
