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
        try Self.named(name) { () throws(JSONError) in try find(&json) }
    }

    /// A whole document: behind it nothing but blanks may follow.
    ///
    /// - Parameters:
    ///   - field: a member so long that it had better not be gone through twice.
    ///   - read: called where it stands, with what was found before it. It returns the list that it
    ///     has read to its end, or nil to have the member passed over as all others.
    init(
        document json: JSONReader, _ table: FieldTable<Field>, name: String, reading field: Field,
        _ read: (Self, WireValue) throws(ExchangeError) -> WireList?
    ) throws(ExchangeError) {
        self.table = table
        self.name = name
        self.json = json
        var json = json
        var cursor = JSONNames.Cursor()
        try Self.named(name) { () throws(JSONError) in try json.beginObject() }
        self.json = json
        while try Self.named(
            name, { () throws(JSONError) in try find(&json, &cursor, until: field.rawValue) })
        {
            if let list = try read(self, WireValue(json, name: table.names[field.rawValue])) {
                json = list.rest
            } else {
                try Self.named(name) { () throws(JSONError) in try json.pass() }
            }
        }
        try Self.named(name) { () throws(JSONError) in try json.end() }
    }

    private static func named<Result>(
        _ name: String, _ body: () throws(JSONError) -> Result
    ) throws(ExchangeError) -> Result {
        do throws(JSONError) { return try body() } catch {
            throw ExchangeError(error, field: name)
        }
    }

    private mutating func find(_ json: inout JSONReader) throws(JSONError) {
        var cursor = JSONNames.Cursor()
        try json.beginObject()
        self.json = json
        _ = try find(&json, &cursor, until: nil)
    }

    /// Finds members up to the one with this number; false at the end of the object.
    private mutating func find(
        _ json: inout JSONReader, _ cursor: inout JSONNames.Cursor, until last: Int?
    ) throws(JSONError) -> Bool {
        while let index = try json.nextMember(of: table.json, &cursor) {
            if try json.takeNull() { continue }
            offsets[index] = json.offset
            if index == last { return true }
            try json.pass()
        }
        return false
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
