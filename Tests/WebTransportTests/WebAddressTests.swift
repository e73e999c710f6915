import Testing

@testable import WebTransport

@Suite("Addresses")
struct WebAddressTests {
    @Test(
        "a URL is cut into host, port and path",
        arguments: [
            ("wss://contract.mexc.com/edge", true, "contract.mexc.com", 443, "/edge"),
            ("WSS://contract.mexc.com", true, "contract.mexc.com", 443, "/"),
            ("ws://127.0.0.1:8700/edge", false, "127.0.0.1", 8_700, "/edge"),
            ("ws://localhost?a=b", false, "localhost", 80, "/?a=b"),
            ("ws://[::1]:8700/", false, "::1", 8_700, "/"),
            ("wss://[2001:db8::7]/ws", true, "2001:db8::7", 443, "/ws"),
        ])
    func parts(url: String, isSecure: Bool, host: String, port: UInt16, path: String) throws {
        let address = try #require(WebAddress(url, plain: "ws", secure: "wss"))
        #expect(address.isSecure == isSecure)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
    }

    @Test(
        "the Host field leaves the default port out and brackets IPv6",
        arguments: [
            ("wss://contract.mexc.com/edge", "contract.mexc.com"),
            ("wss://contract.mexc.com:80/", "contract.mexc.com:80"),
            ("ws://contract.mexc.com:80/", "contract.mexc.com"),
            ("ws://[::1]:8700/", "[::1]:8700"),
        ])
    func authority(url: String, expected: String) {
        #expect(WebAddress(url, plain: "ws", secure: "wss")?.authority == expected)
    }

    @Test(
        "what is no URL of the scheme is none",
        arguments: [
            "ws:/host", "https://host", "ws://ho st", "ws://host\r\nX: y/", "ws://host/a b",
            "ws://host/#part", "ws://::1/", "ws://[::1", "ws://host:", "ws://host:-1",
            "ws://name@h",
        ])
    func refused(url: String) {
        #expect(WebAddress(url, plain: "ws", secure: "wss") == nil)
    }

    @Test(
        "what the library says of a failed connection becomes a kind",
        arguments: [
            ("Unable to connect", 5, WebSocketFailure.refused),
            ("getaddrinfo", 5, .nameUnknown), ("HS: ws upgrade response not 101", 5, .handshake),
            ("Timed out waiting SSL", 5, .timeout), ("", 10_000, .timeout), ("", 5, .lost),
            ("closed before established", 5, .lost),
        ])
    func kind(cause: String, milliseconds: Int64, kind: WebSocketFailure) {
        let failure = ConnectFailure(
            cause: cause, verdict: nil, milliseconds: milliseconds, limitSeconds: 10)
        #expect(failure.kind == kind)
    }
}
