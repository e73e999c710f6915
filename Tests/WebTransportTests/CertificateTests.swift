import Testing
import WebTransport

@Suite("Certificates")
struct CertificateTests {
    /// A server's certificate that must be refused, and what is said of it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let certificate: String
        let finding: String
        let remedy: String
        var isTrusted = true

        var testDescription: String { certificate }

        static let clock =
            "check the clock of this machine; if it is right, the server needs a new certificate"
        static let authorities =
            "check that nobody answers in the exchange's place and that the package "
            + "ca-certificates is installed and up to date"
        static let all = [
            Refusal(
                certificate: "self", finding: "it is signed by itself", remedy: authorities),
            Refusal(certificate: "expired", finding: "it has expired", remedy: clock),
            Refusal(
                certificate: "elsewhere", finding: "it was made for another host",
                remedy: "check the host in the URL, and that nobody answers in the exchange's place"
            ),
            Refusal(
                certificate: "good",
                finding: "it is signed by an authority that is not trusted here",
                remedy: authorities, isTrusted: false),
        ]

        func message(_ port: UInt16) -> String {
            "the certificate of 127.0.0.1:\(port) is refused: \(finding); \(remedy)"
        }
    }

    @Test(
        "a good certificate of a trusted authority is accepted, for name and for number",
        arguments: ["127.0.0.1", "localhost"])
    func good(host: String) throws {
        let certificates = try TestCertificates.shared.get()
        let server = try TestServer(echoes: true, certificate: certificates.server("good"))
        let client = try WebSocketClient(
            url: "wss://\(host):\(server.port)/edge", trust: certificates.authority)
        client.connect()
        #expect(client.next() == .opened)
        let text = [UInt8](repeating: 65, count: 60_000)
        client.send(text)
        let isEqual = client.nextMessage()?.bytes == text
        #expect(isEqual)
        let rest = try RESTClient(
            baseURL: "https://\(host):\(server.port)", trust: certificates.authority)
        #expect(try rest.reply(to: "/safe")?.get().body == Array("/safe".utf8))
    }

    @Test("a wrong certificate is refused by the WebSocket client", arguments: Refusal.all)
    func refusedBySocket(refusal: Refusal) throws {
        let certificates = try TestCertificates.shared.get()
        let server = try TestServer(certificate: certificates.server(refusal.certificate))
        let client = try WebSocketClient(
            url: "wss://127.0.0.1:\(server.port)/edge",
            trust: refusal.isTrusted ? certificates.authority : .system)
        client.connect()
        #expect(
            client.next()
                == .closed(code: 1_006, reason: refusal.message(server.port), .certificate))
        #expect(server.records.isEmpty)
    }

    @Test("a wrong certificate is refused by the REST client", arguments: Refusal.all)
    func refusedByREST(refusal: Refusal) throws {
        let certificates = try TestCertificates.shared.get()
        let server = try TestServer(certificate: certificates.server(refusal.certificate))
        let client = try RESTClient(
            baseURL: "https://127.0.0.1:\(server.port)",
            trust: refusal.isTrusted ? certificates.authority : .system)
        let error = client.reply(to: "/")?.failure
        #expect(error?.kind == .certificate)
        #expect(error?.description == refusal.message(server.port))
        #expect(error?.isRetryable == false)
        #expect(server.records.isEmpty)
    }

    @Test("TLS against a server that speaks none is no connection")
    func noTLS() throws {
        let server = try TestServer()
        let client = try WebSocketClient(url: "wss://127.0.0.1:\(server.port)/edge")
        client.connect()
        #expect(client.end()?.failure == .lost)
        let rest = try RESTClient(baseURL: "https://127.0.0.1:\(server.port)")
        #expect(rest.reply(to: "/")?.failure?.kind == .lost)
    }

    @Test("a file of authorities that is none is named at once")
    func unreadable() throws {
        let key = try TestCertificates.shared.get().key
        for path in ["/nonexistent/ca.pem", key] {
            #expect(throws: WebTransportError.unreadableFile(path)) {
                try WebSocketClient(url: "wss://127.0.0.1:1/edge", trust: .file(path))
            }
            #expect(throws: WebTransportError.unreadableFile(path)) {
                try RESTClient(baseURL: "https://127.0.0.1:1", trust: .file(path))
            }
        }
    }
}
