import CoreModels
public import WireFormats

/// A reply and how long it is to be held back, in milliseconds of wall time.
public struct Answer: Equatable, Sendable {
    public var response: HTTPResponse
    public var delay: Int64

    init(_ response: HTTPResponse, delay: Int64 = 0) {
        self.response = response
        self.delay = delay
    }
}

/// The envelope of the futures side.
enum Envelope {
    static func success(_ data: (inout JSONWriter) -> Void) -> HTTPResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("success")
        writer.flag(true)
        writer.name("code")
        writer.integer(0)
        writer.name("data")
        data(&writer)
        writer.endObject()
        return HTTPResponse(contentType: "application/json", body: writer.bytes)
    }

    /// An error is HTTP 200 too.
    static func failure(_ code: Int64, _ message: String) -> HTTPResponse {
        .json(
            .object([
                .init("success", .flag(false)), .init("code", .integer(code)),
                .init("message", .text(message)),
            ]))
    }

    static var noContract: HTTPResponse { failure(1001, "Contract does not exist") }
    static var tooMany: HTTPResponse { failure(510, "Requests are too frequent") }
}
