import CWebSockets

/// The trusted authorities of a client, as OpenSSL wants them. libwebsockets is given this one
/// because its own would also trust what lies in `../share`.
final class TLSTrust {
    let context: OpaquePointer

    init(_ trust: CertificateTrust) throws(WebTransportError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw .library("OpenSSL cannot begin: its library or configuration is damaged")
        }
        let isLoaded =
            switch trust {
            case .system: SSL_CTX_set_default_verify_paths(context) == 1
            case .file(let path): SSL_CTX_load_verify_file(context, path) == 1
            }
        guard isLoaded else {
            SSL_CTX_free(context)
            throw .unreadableFile(Self.name(trust))
        }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        self.context = context
    }

    deinit { SSL_CTX_free(context) }

    private static func name(_ trust: CertificateTrust) -> String {
        switch trust {
        case .system: "the system's list of certificate authorities"
        case .file(let path): path
        }
    }
}
