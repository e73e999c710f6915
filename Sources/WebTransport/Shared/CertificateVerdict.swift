import CWebSockets

/// What is wrong with a server's certificate, in words that lead to the remedy.
struct CertificateVerdict: Equatable, Sendable {
    /// The code of OpenSSL's verification (`X509_V_ERR_…`).
    let code: Int32

    static let wrongHost = CertificateVerdict(code: X509_V_ERR_HOSTNAME_MISMATCH)

    /// One message for both clients: who, what and what to do.
    func message(authority: String) -> String {
        "the certificate of \(authority) is refused: \(finding); \(remedy)"
    }

    private var finding: String {
        switch code {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            "it was made for another host"
        case X509_V_ERR_CERT_HAS_EXPIRED: "it has expired"
        case X509_V_ERR_CERT_NOT_YET_VALID: "it is not valid yet"
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself"
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            "it is signed by an authority that is not trusted here"
        default: String(cString: X509_verify_cert_error_string(Int(code)))
        }
    }

    private var remedy: String {
        switch code {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            "check the host in the URL, and that nobody answers in the exchange's place"
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
            "check the clock of this machine; if it is right, the server needs a new certificate"
        default:
            "check that nobody answers in the exchange's place and that the package "
                + "ca-certificates is installed and up to date"
        }
    }
}
