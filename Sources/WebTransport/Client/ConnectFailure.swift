/// Why a connection never came to be, from what libwebsockets and OpenSSL said.
struct ConnectFailure: Equatable {
    let kind: WebSocketFailure
    private let cause: String
    private let verdict: CertificateVerdict?

    /// `cause` is the library's own text, a fixed list in its release.
    init(cause: String, verdict: CertificateVerdict?, milliseconds: Int64, limitSeconds: Int) {
        self.cause = cause
        self.verdict = verdict
        let isLate = milliseconds >= Int64(limitSeconds) * 1_000 - 50
        kind =
            if verdict != nil {
                .certificate
            } else if cause.contains("getaddrinfo") {
                .nameUnknown
            } else if isLate || cause.hasPrefix("Timed out") {
                .timeout
            } else if cause.contains("nable to connect") || cause.contains("conn fail") {
                .refused
            } else if cause.hasPrefix("HS:") {
                .handshake
            } else {
                .lost
            }
    }

    func message(_ address: WebAddress) -> String {
        let name = address.authority
        switch kind {
        case .certificate:
            if let verdict { return verdict.message(authority: name) }
            return "the certificate of \(name) is refused"
        case .nameUnknown: return Self.nameUnknown(address.host)
        case .timeout: return "\(name) did not answer in time\(detail)"
        case .refused: return Self.refused(name)
        case .handshake:
            return "\(name) is no WebSocket server at \(address.path)\(detail)"
        case .tooLarge, .slowReader, .lost:
            return "the connection to \(name) broke while it was made\(detail)"
        }
    }

    static func nameUnknown(_ host: String) -> String {
        "the name \(host) leads nowhere: check the network, the URL and the name server"
    }

    static func refused(_ authority: String) -> String {
        "nobody can be reached at \(authority): check the URL and the network, and that the "
            + "exchange or simulator runs"
    }

    private var detail: String { cause.isEmpty ? "" : " (\(cause))" }
}
