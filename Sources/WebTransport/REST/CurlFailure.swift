import CCurl
import CWebSockets

/// Why a transfer failed, from what libcurl and OpenSSL said.
struct CurlFailure {
    let code: CURLcode
    let text: String
    /// The result of OpenSSL's verification; 0 when the chain is good or none came.
    let verification: Int
    let host: String
    let authority: String
    let timeoutMilliseconds: Int
    let maximumBody: Int

    var error: RESTError {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            RESTError(
                kind: .timeout,
                description: "\(authority) did not answer within \(timeoutMilliseconds) ms")
        case CURLE_COULDNT_RESOLVE_HOST:
            RESTError(kind: .nameUnknown, description: ConnectFailure.nameUnknown(host))
        case CURLE_COULDNT_CONNECT:
            RESTError(kind: .refused, description: ConnectFailure.refused(authority))
        case CURLE_PEER_FAILED_VERIFICATION:
            RESTError(kind: .certificate, description: verdict.message(authority: authority))
        case CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED:
            RESTError(
                kind: .tooLarge,
                description: "\(authority) sent an answer above \(maximumBody) bytes")
        case CURLE_ABORTED_BY_CALLBACK:
            RESTError(kind: .notAsked, description: "\(authority) is not asked: the client stops")
        default:
            RESTError(
                kind: .lost,
                description: "the connection to \(authority) broke (\(cause))")
        }
    }

    private var cause: String {
        text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }

    /// A good chain that is refused all the same was made for another host: libcurl compares names
    /// itself, after OpenSSL.
    private var verdict: CertificateVerdict {
        let isChainGood = verification == X509_V_OK || verification == X509_V_ERR_UNSPECIFIED
        return isChainGood ? .wrongHost : CertificateVerdict(code: Int32(verification))
    }
}
