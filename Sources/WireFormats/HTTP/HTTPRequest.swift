/// One complete HTTP/1.1 request, its body whole.
public struct HTTPRequest: Equatable, Sendable {
    /// A header field; names are lower case.
    public struct Field: Equatable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Case-sensitive, as sent: `GET`.
    public var method: String
    /// Without the query, as sent (percent signs are not decoded): `/orders`.
    public var path: String
    /// The text after `?`, as sent; empty when there is none.
    public var query: String
    public var fields: [Field]
    public var body: [UInt8]
    /// Whether the connection may carry another request after this one.
    public var keepsAlive: Bool
    /// HTTP/1.0, which must be told when a connection stays open.
    public var isVersion10: Bool

    public init(
        method: String, path: String, query: String = "", fields: [Field] = [], body: [UInt8] = [],
        keepsAlive: Bool = true, isVersion10: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.keepsAlive = keepsAlive
        self.isVersion10 = isVersion10
    }

    /// The value of the first field of that lower-case name.
    public func field(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// The value of a query parameter, decoded: `n` of `/top?n=5` is `5`. Nil when it is absent.
    public func parameter(_ name: String) -> String? {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            if PercentEncoding.decode(parts[0]) == name {
                return parts.count == 2 ? PercentEncoding.decode(parts[1]) : ""
            }
        }
        return nil
    }
}
