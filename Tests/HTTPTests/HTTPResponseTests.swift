import CoreModels
import Testing
import WireFormats

@Suite("HTTP answers to bytes and back")
struct HTTPResponseTests {
    static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    private func text(_ response: HTTPResponse, keepsAlive: Bool, headOnly: Bool = false) -> String
    {
        var bytes: [UInt8] = []
        response.append(to: &bytes, keepsAlive: keepsAlive, headOnly: headOnly, date: Self.date)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("an answer is written to the byte")
    func golden() {
        let response = HTTPResponse.json(.object([.init("status", .text("ok"))]))
        let head =
            "HTTP/1.1 200 OK\r\nDate: \(Self.date)\r\nContent-Type: application/json\r\n"
            + "Content-Length: 15\r\nConnection: keep-alive\r\n\r\n"
        #expect(text(response, keepsAlive: true) == head + "{\"status\":\"ok\"}")
        #expect(text(response, keepsAlive: true, headOnly: true) == head)
    }

    @Test("an error is a problem document")
    func problem() {
        let response = HTTPResponse.problem(
            .methodNotAllowed, "say \"GET\"", fields: [.init("Allow", "GET\r\nEvil: 1")],
            members: [.init("limit", .integer(5))])
        let written = text(response, keepsAlive: false)
        #expect(written.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
        #expect(written.contains("\r\nAllow: GETEvil: 1\r\n"))
        #expect(written.contains("\r\nContent-Type: application/problem+json\r\n"))
        #expect(written.contains("\r\nConnection: close\r\n"))
        #expect(
            written.hasSuffix(
                "{\"type\":\"about:blank\",\"title\":\"Method Not Allowed\",\"status\":405,"
                    + "\"detail\":\"say \\\"GET\\\"\",\"limit\":5}"))
    }

    @Test(
        "dates are those of RFC 9110",
        arguments: [
            (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_709_164_800_000, "Thu, 29 Feb 2024 00:00:00 GMT"),
        ] as [(Int64, String)])
    func dates(milliseconds: Int64, text: String) {
        #expect(HTTPDate.text(of: Timestamp(milliseconds: milliseconds)) == text)
    }

    @Test("a client reads back what a server wrote")
    func reply() throws {
        var bytes: [UInt8] = []
        HTTPResponse.problem(.conflict, "no").append(to: &bytes, keepsAlive: false, date: Self.date)
        let reply = try #require(HTTPReply(bytes, bodyLimit: 1000))
        #expect(reply.status == 409)
        #expect(reply.fields.contains(.init("content-type", "application/problem+json")))
        #expect(reply.body == HTTPResponse.problem(.conflict, "no").body)
    }

    @Test(
        "a client reads every framing, and refuses what is cut off",
        arguments: [
            ("HTTP/1.1 200 OK\r\n\r\nrest", 200, "rest"),
            ("HTTP/1.0 503 \r\nContent-Length: 2\r\n\r\nabc", 503, "ab"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", 200,
                "ab"
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", nil, ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab", nil, ""),
            ("HTTP/1.1 200 OK\r\n", nil, ""), ("SSH-2.0\r\n\r\n", nil, ""), ("", nil, ""),
        ] as [(String, Int?, String)])
    func replies(text: String, status: Int?, body: String) {
        let reply = HTTPReply(Array(text.utf8), bodyLimit: 1000)
        #expect(reply?.status == status)
        #expect(reply.map { String(decoding: $0.body, as: UTF8.self) } ?? "" == body)
    }

    @Test("every status has a phrase")
    func phrases() {
        #expect(HTTPStatus.allCases.allSatisfy { !$0.reason.isEmpty })
        #expect(Set(HTTPStatus.allCases.map(\.reason)).count == HTTPStatus.allCases.count)
    }
}
