import PrivateServers
import TestKit
import WebTransport

/// An authority of our own and servers' certificates, good and bad, made by the command `openssl`.
final class TestCertificates: Sendable {
    static let shared = Result { try TestCertificates() }

    /// The authority that the tests trust.
    let authority: CertificateTrust
    private let directory: TemporaryDirectory

    private init() throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        authority = .file(directory.file("ca.pem"))
        func openssl(_ words: String) throws {
            var command = Command("openssl", words.split(separator: " ").map(String.init))
            command.workingDirectory = directory.path
            command.output = .discarded
            let status = try ChildProcess.start(command).wait(seconds: 60)
            guard status?.isSuccess == true else { throw NotOpened() }
        }
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        func selfSigned(_ name: String, _ more: String) throws {
            try openssl(
                "req -x509 \(key) -keyout \(name).key -out \(name).pem -days 2 "
                    + "-subj /CN=\(name) \(more)")
        }
        func signed(_ name: String, for hosts: String, days: Int) throws {
            try openssl(
                "req \(key) -keyout \(name).key -out \(name).csr -subj /CN=\(name) "
                    + "-addext subjectAltName=\(hosts)")
            try openssl(
                "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -days \(days) "
                    + "-copy_extensions copy -out \(name).pem")
        }
        let here = "IP:127.0.0.1,DNS:localhost"
        try selfSigned("ca", "")
        try selfSigned("self", "-addext subjectAltName=\(here)")
        try signed("good", for: here, days: 2)
        try signed("expired", for: here, days: -1)
        try signed("elsewhere", for: "DNS:exchange.example", days: 2)
    }

    /// `good`, `self`, `expired` or `elsewhere`.
    func server(_ name: String) -> ServerCertificate {
        ServerCertificate(
            chainFile: directory.file("\(name).pem"), keyFile: directory.file("\(name).key"))
    }

    /// A file that is there and holds no certificate.
    var key: String { directory.file("good.key") }
}
