public import CoreModels

/// A whole JSON document as a `Value`.
public enum JSONDocument {
    /// Reads one document. Members keep their order; a name that stands twice in an object is
    /// refused. A number with a point or an exponent is `.decimal`, another one `.integer` when it
    /// fits 64 bits and `.decimal` otherwise, so that writing and reading gives the same value.
    public static func parse(
        _ bytes: RawSpan, limit: Int = JSONReader.messageLimit
    ) throws(JSONError) -> Value {
        try JSONReader.read(bytes, limit: limit) { reader throws(JSONError) in
            try reader.value()
        }
    }

    public static func parse(
        _ bytes: [UInt8], limit: Int = JSONReader.messageLimit
    ) throws(JSONError) -> Value {
        try parse(bytes.span.bytes, limit: limit)
    }
}

extension JSONReader {
    /// Reads a value of any kind.
    public mutating func value() throws(JSONError) -> Value {
        switch try kind() {
        case .object: return .object(try members())
        case .array:
            var list: [Value] = []
            try beginArray()
            while try nextElement() { list.append(try value()) }
            return .list(list)
        case .text: return .text(try string(text()))
        case .number:
            let token = try numberToken()
            if !token.hasPoint, !token.hasExponent, let whole = whole(token) {
                return .integer(whole)
            }
            return .decimal(try decimal(of: token))
        case .flag: return .flag(try flag())
        case .null:
            try skip()
            return .null
        }
    }

    private mutating func members() throws(JSONError) -> [Value.Member] {
        var members: [Value.Member] = []
        // Looked up only; a small object is searched faster than hashed.
        var names: Set<String> = []
        try beginObject()
        while let text = try nextName() {
            let name = try string(text)
            let isNew: Bool
            if members.count < 16 {
                isNew = !members.contains { $0.name == name }
            } else {
                if names.isEmpty { names = Set(members.map(\.name)) }
                isNew = names.insert(name).inserted
            }
            guard isNew else { throw JSONError(.duplicateName, at: text.start - 1) }
            members.append(Value.Member(name, try value()))
        }
        return members
    }

    private func whole(_ token: NumberToken) -> Int64? {
        if token.significant <= 18 {
            return token.isNegative ? -Int64(token.digits) : Int64(token.digits)
        }
        return Int64(String(decoding: slice(token.start, token.end - token.start), as: UTF8.self))
    }
}
