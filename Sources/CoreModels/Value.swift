/// A structured value without a format: the context of an alert, the value of a check, a piece of a
/// core's state. Formats (JSON) are put on it in `WireFormats`.
public indirect enum Value: Equatable, Sendable {
    case null
    case flag(Bool)
    case integer(Int64)
    /// A decimal number, × 10⁻¹⁸.
    case decimal(Int128)
    case text(String)
    case list([Value])
    /// Keys keep their order: equal values are equal bytes.
    case object([Member])

    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: Value

        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    public static func number<Unit>(_ value: Fixed<Unit>) -> Value { .decimal(value.raw) }
    public static func number<Unit>(_ value: Fixed<Unit>?) -> Value {
        value.map { .decimal($0.raw) } ?? .null
    }
    public static func time(_ value: Timestamp) -> Value { .integer(value.milliseconds) }
    public static func text(_ value: String?) -> Value { value.map { Value.text($0) } ?? .null }
    public static func symbol(_ value: Symbol) -> Value { .text(value.description) }

    /// The member of an object; `.null` when it is absent or this is no object.
    public subscript(name: String) -> Value {
        guard case .object(let members) = self else { return .null }
        return members.first { $0.name == name }?.value ?? .null
    }

    public var text: String? { if case .text(let text) = self { text } else { nil } }
    public var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
    public var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    public var list: [Value]? { if case .list(let list) = self { list } else { nil } }
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    public var time: Timestamp? { integer.map(Timestamp.init(milliseconds:)) }
    public var symbol: Symbol? { text.flatMap(Symbol.init) }

    /// The number in any unit; integers count as whole numbers.
    public func fixed<Unit>(_ unit: Unit.Type = Unit.self) -> Fixed<Unit>? {
        switch self {
        case .decimal(let raw): Fixed(raw: raw)
        case .integer(let whole): Fixed(Int(whole))
        case .null, .flag, .text, .list, .object: nil
        }
    }
}
