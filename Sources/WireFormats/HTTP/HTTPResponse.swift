public import CoreModels

/// An answer, before it is written.
public struct HTTPResponse: Equatable, Sendable {
    public var status: HTTPStatus
    public var contentType: String
    /// Beyond those that every answer has: `Allow`, `Retry-After`, `WWW-Authenticate`.
    public var fields: [HTTPRequest.Field]
    public var body: [UInt8]

    public init(
        _ status: HTTPStatus = .ok, contentType: String, fields: [HTTPRequest.Field] = [],
        body: [UInt8]
    ) {
        self.status = status
        self.contentType = contentType
        self.fields = fields
        self.body = body
    }

    /// Appends the answer as bytes. `headOnly` leaves the body out and keeps its length (`HEAD`).
    public func append(
        to bytes: inout [UInt8], keepsAlive: Bool, headOnly: Bool = false, date: String
    ) {
        bytes.reserveCapacity(bytes.count + body.count + 256)
        bytes.append(contentsOf: "HTTP/1.1 \(status.rawValue) \(status.reason)\r\nDate: ".utf8)
        bytes.append(contentsOf: date.utf8)
        if status != .noContent {
            bytes.append(contentsOf: "\r\nContent-Type: ".utf8)
            bytes.append(contentsOf: contentType.utf8)
            bytes.append(contentsOf: "\r\nContent-Length: \(body.count)".utf8)
        }
        for field in fields {
            bytes.append(contentsOf: "\r\n\(field.name): ".utf8)
            // A line break in a value would begin a field of somebody else's choice.
            bytes.append(contentsOf: field.value.utf8.filter { !HTTPBytes.isForbidden($0) })
        }
        bytes.append(contentsOf: "\r\nConnection: ".utf8)
        bytes.append(contentsOf: (keepsAlive ? "keep-alive" : "close").utf8)
        bytes.append(contentsOf: "\r\n\r\n".utf8)
        if !headOnly, status != .noContent { bytes.append(contentsOf: body) }
    }
}

extension HTTPResponse {
    public static func json(_ value: Value, _ status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status, contentType: "application/json", body: JSONWriter.bytes(value))
    }

    public static func text(
        _ body: [UInt8], contentType: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        HTTPResponse(contentType: contentType, body: body)
    }

    /// An error as `application/problem+json` (RFC 9457). `members` follow the standard ones.
    public static func problem(
        _ status: HTTPStatus, _ detail: String, fields: [HTTPRequest.Field] = [],
        members: [Value.Member] = []
    ) -> HTTPResponse {
        let standard: [Value.Member] = [
            .init("type", .text("about:blank")), .init("title", .text(status.reason)),
            .init("status", .integer(Int64(status.rawValue))), .init("detail", .text(detail)),
        ]
        return HTTPResponse(
            status, contentType: "application/problem+json", fields: fields,
            body: JSONWriter.bytes(.object(standard + members)))
    }
}
