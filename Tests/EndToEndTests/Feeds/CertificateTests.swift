import CoreModels
import EventSchema
import PrivateServers
import TestKit
import Testing
import WebTransport

extension EndToEnd {
    @Suite("The exchange's certificate") struct CertificateTests {
        @Test(
            "a certificate that nobody vouches for is refused; readyz, bus, log and metric say so",
            arguments: [("cdb_ws", "closed_certificate"), ("cdb_rest", "rest_certificate")])
        func selfSigned(_ name: String, _ fault: String) throws {
            let directory = try TemporaryDirectory()
            let certificate = try Self.selfSigned(in: directory)
            let stack = try FeedStack()
            try stack.exchange.start(certificate)
            let place = "127.0.0.1:\(stack.exchange.port)"
            let feed = try stack.start(
                name,
                ["MEXC_WS_URL": "wss://\(place)/edge", "MEXC_REST_URL": "https://\(place)"])
            let sentence = "the certificate of \(place) is refused: it is signed by itself"
            try stack.wait("the bus hears of it") {
                let health = stack.lastHealth(of: name)
                return health?.status == .error && health?.exchangeIsReachable == false
                    && health?.detail["code"].text == "CERTIFICATE"
                    && health?.detail["reason"].text?.contains(sentence) == true
            }
            #expect(try feed.failsCheck("feed"))
            #expect(feed.page("/readyz")?.body.contains(sentence) == true)
            #expect(feed.page("/health")?.status == 503)
            #expect(try feed.logLines(with: sentence) > 0)
            #expect(feed.metric(#"cdb_exchange_faults_total{kind="\#(fault)"}"#) ?? 0 > 0)
            #expect(stack.data.isEmpty)
            // Nothing was said to a stranger.
            #expect(!stack.exchange.wasTold("method"))
            #expect(stack.exchange.timesAsked("/") == 0)
        }

        private static func selfSigned(
            in directory: TemporaryDirectory
        ) throws -> ServerCertificate {
            let certificate = ServerCertificate(
                chainFile: directory.file("self.pem"), keyFile: directory.file("self.key"))
            let (status, output) = try InstalledPrograms.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-keyout", certificate.keyFile, "-out", certificate.chainFile, "-days", "2",
                    "-subj", "/CN=exchange", "-addext", "subjectAltName=IP:127.0.0.1",
                ])
            guard status.isSuccess else { throw Stack.NotSeen(description: output) }
            return certificate
        }
    }
}
