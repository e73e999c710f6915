public import WireFormats

/// Who answers a path and method.
public struct HTTPRoute: Sendable {
    public typealias Handler = @Sendable (HTTPRequest) -> HTTPResponse

    /// Where a handler runs.
    public enum Place: Sendable {
        /// On the server's thread: it answers from memory within microseconds.
        case inline
        /// On one of the server's workers: it may wait, for instance for a mailbox.
        case deferred
    }

    public let method: String
    /// Exact, without query: `/orders`.
    public let path: String
    public let place: Place
    public let handler: Handler

    public init(
        _ method: String, _ path: String, place: Place = .inline, handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.place = place
        self.handler = handler
    }
}

/// Finds the route of a request, or the answer when there is none.
struct HTTPRouter: Sendable {
    enum Match: Sendable {
        case route(HTTPRoute)
        case answer(HTTPResponse)
    }

    private let routes: [HTTPRoute]

    init(_ routes: [HTTPRoute]) { self.routes = routes }

    func match(_ request: HTTPRequest) -> Match {
        // HEAD is GET without its body (RFC 9110 section 9.3.2).
        let method = request.method == "HEAD" ? "GET" : request.method
        var allowed: [String] = []
        for route in routes where route.path == request.path {
            if route.method == method { return .route(route) }
            allowed.append(route.method)
            if route.method == "GET" { allowed.append("HEAD") }
        }
        if allowed.isEmpty {
            return .answer(.problem(.notFound, "there is nothing at \(request.path)"))
        }
        let list = allowed.joined(separator: ", ")
        return .answer(
            .problem(
                .methodNotAllowed, "\(request.path) answers \(list)", fields: [.init("Allow", list)]
            ))
    }
}
