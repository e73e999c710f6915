public import WireFormats

/// The bearer token that operators' commands need (`CDB_OPERATOR_TOKEN`).
public struct OperatorToken: Sendable {
    private let secret: [UInt8]?

    /// Nil or empty: no token is configured and every command is refused.
    public init(_ secret: String?) {
        self.secret = secret.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    }

    /// The refusal to answer with; nil when the request may go on.
    public func refusal(of request: HTTPRequest) -> HTTPResponse? {
        guard let secret else {
            return .problem(
                .forbidden, "no operator token is configured: set CDB_OPERATOR_TOKEN and restart")
        }
        let words = (request.field("authorization") ?? "").utf8.split(separator: UInt8(ascii: " "))
        let isBearer =
            words.count == 2 && String(decoding: words[0], as: UTF8.self).lowercased() == "bearer"
        let given = isBearer ? Array(words[1]) : []
        guard Self.areEqual(given, secret) else {
            return .problem(
                .unauthorized, "the operator token is missing or wrong",
                fields: [.init("WWW-Authenticate", "Bearer realm=\"cdb\"")])
        }
        return nil
    }

    /// A route that only the operator may use.
    public func guarding(_ route: HTTPRoute) -> HTTPRoute {
        HTTPRoute(route.method, route.path, place: route.place) { request in
            refusal(of: request) ?? route.handler(request)
        }
    }

    /// In a time that depends on the length of what was given only, not on where it differs.
    static func areEqual(_ given: [UInt8], _ secret: [UInt8]) -> Bool {
        var difference = UInt(bitPattern: given.count ^ secret.count)
        for index in given.indices {
            difference |= UInt(given[index] ^ secret[index % secret.count])
        }
        return difference == 0
    }
}
