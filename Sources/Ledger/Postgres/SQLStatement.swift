/// A statement that is prepared once per session. Values come in as `$1` binds only.
public struct SQLStatement: Sendable {
    /// Unique in the program: the name it is prepared under.
    public let name: String
    public let text: String

    public init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    public func callAsFunction(_ parameters: SQLParameter...) -> SQLCall {
        SQLCall(statement: self, parameters: parameters)
    }
}

/// A statement with its values.
public struct SQLCall: Sendable {
    public var statement: SQLStatement
    public var parameters: [SQLParameter]

    public init(statement: SQLStatement, parameters: [SQLParameter]) {
        self.statement = statement
        self.parameters = parameters
    }
}

/// A value bound to a statement, in Postgres' binary form.
public enum SQLParameter: Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    /// An array: many rows travel as a few columns.
    case column(SQLColumn)

    /// Nil is SQL's NULL.
    var binary: [UInt8]? {
        switch self {
        case .null: nil
        case .integer(let value): withUnsafeBytes(of: value.bigEndian) { Array($0) }
        case .text(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        case .column(let column): column.binary
        }
    }
}
