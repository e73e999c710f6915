import CCurl
import CoreModels
import ServiceKit
import Synchronization

/// One libcurl handle: it keeps its connection between questions.
///
/// Unchecked: made on one thread and then used by one; only `stop` may be called from others.
final class CurlHandle: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer
    private let address: WebAddress
    private let baseURL: String
    private let timeoutMilliseconds: Int
    private let receiver: Receiver
    private let errorText: UnsafeMutablePointer<CChar>

    /// What the callbacks of a transfer touch.
    private final class Receiver {
        var body: [UInt8] = []
        let limit: Int
        let isStopped = Atomic<Bool>(false)

        init(limit: Int) { self.limit = limit }
    }

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    init(
        baseURL: String, timeoutMilliseconds: Int, maximumBody: Int, trust: CertificateTrust
    ) throws(WebTransportError) {
        precondition(timeoutMilliseconds > 0 && maximumBody > 0, "limits are above zero")
        guard let address = WebAddress(baseURL, plain: "http", secure: "https"),
            address.path == "/"
        else {
            throw .badURL(baseURL, expected: "https://api.mexc.com or http://127.0.0.1:8700")
        }
        guard Self.isReady, let handle = curl_easy_init() else {
            throw .library("libcurl cannot begin: its library is damaged or memory has run out")
        }
        self.handle = handle
        self.address = address
        self.baseURL = (address.isSecure ? "https://" : "http://") + address.authority
        self.timeoutMilliseconds = timeoutMilliseconds
        receiver = Receiver(limit: maximumBody)
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard configure(trust) else {
            throw .library("libcurl lacks what is needed: install libcurl4 with TLS (Debian)")
        }
        if case .file(let path) = trust {
            // libcurl would name an unreadable file only at the first question.
            _ = try TLSTrust(trust)
            guard cdb_curl_set_text(handle, CURLOPT_CAINFO, path) == CURLE_OK,
                cdb_curl_set_text(handle, CURLOPT_CAPATH, nil) == CURLE_OK
            else { throw .unreadableFile(path) }
        }
    }

    deinit {
        curl_easy_cleanup(handle)
        errorText.deallocate()
    }

    /// Breaks off the transfer that runs, and every later one.
    func stop() { receiver.isStopped.store(true, ordering: .releasing) }

    /// One question. Takes at most the time limit.
    func get(_ path: String) -> Result<RESTAnswer, RESTError> {
        receiver.body = []
        errorText[0] = 0
        let sentAt = SystemClock.now().milliseconds
        let started = SystemClock.monotonicNanoseconds
        cdb_curl_set_text(handle, CURLOPT_URL, baseURL + path)
        let code = curl_easy_perform(handle)
        let ended = SystemClock.monotonicNanoseconds
        guard code == CURLE_OK else { return .failure(failure(code)) }
        let answer = RESTAnswer(
            status: number(CURLINFO_RESPONSE_CODE), body: receiver.body,
            retryAfterSeconds: retryAfter(), milliseconds: (ended - started) / 1_000_000,
            sentAt: sentAt, receivedAt: SystemClock.now().milliseconds, monotonic: ended)
        receiver.body = []
        return .success(answer)
    }
}

// MARK: libcurl

extension CurlHandle {
    private func configure(_ trust: CertificateTrust) -> Bool {
        let context = Unmanaged.passUnretained(receiver).toOpaque()
        let texts: [(CURLoption, String)] = [
            (CURLOPT_USERAGENT, "claire-de-binare/" + BuildVersion.text),
            (CURLOPT_ACCEPT_ENCODING, "gzip, deflate"), (CURLOPT_PROXY, ""),
            (CURLOPT_PROTOCOLS_STR, "http,https"),
        ]
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_NOPROGRESS, 0), (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), (CURLOPT_TCP_KEEPALIVE, 1),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_TIMEOUT_MS, timeoutMilliseconds),
            (CURLOPT_CONNECTTIMEOUT_MS, timeoutMilliseconds), (CURLOPT_MAXCONNECTS, 2),
            // Else a broken script of the surroundings could lead elsewhere.
            (CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
        ]
        let results =
            texts.map { cdb_curl_set_text(handle, $0.0, $0.1) }
            + numbers.map { cdb_curl_set_number(handle, $0.0, $0.1) } + [
                cdb_curl_set_size(
                    handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(receiver.limit)),
                cdb_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
                cdb_curl_set_pointer(handle, CURLOPT_WRITEDATA, context),
                cdb_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context),
                cdb_curl_set_writer(handle, Self.write),
                cdb_curl_set_progress(handle, Self.progress),
            ]
        return results.allSatisfy { $0 == CURLE_OK }
    }

    private static let write:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            bytes, size, count, context in
            guard let context, let bytes else { return 0 }
            let receiver = Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
            let length = size * count
            // Any other result than the length ends the transfer.
            guard length <= receiver.limit - receiver.body.count else { return -1 }
            receiver.body.append(
                contentsOf: UnsafeRawBufferPointer(start: bytes, count: length))
            return length
        }

    private static let progress:
        @convention(c) (
            UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t
        ) -> Int32 = { context, _, _, _, _ in
            guard let context else { return 1 }
            let receiver = Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
            return receiver.isStopped.load(ordering: .acquiring) ? 1 : 0
        }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        cdb_curl_get_number(handle, info, &value)
        return value
    }

    private func retryAfter() -> Int? {
        var seconds: curl_off_t = 0
        guard cdb_curl_get_size(handle, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK, seconds > 0
        else { return nil }
        return Int(seconds)
    }

    private func failure(_ code: CURLcode) -> RESTError {
        CurlFailure(
            code: code, text: String(cString: errorText),
            verification: number(CURLINFO_SSL_VERIFYRESULT), host: address.host,
            authority: address.authority, timeoutMilliseconds: timeoutMilliseconds,
            maximumBody: receiver.limit
        ).error
    }
}
