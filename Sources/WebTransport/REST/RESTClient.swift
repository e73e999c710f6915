/// Questions to one HTTP server, one at a time, on a thread of its own; the answers wait behind a
/// file descriptor that a loop can poll.
///
/// HTTP/1.1 with kept connections, gzip and deflate; certificate and host name are checked on
/// `https://`; no redirects, no proxy, no cookies.
public final class RESTClient: Sendable {
    /// What has become of one question.
    public struct Reply: Sendable {
        public let id: Int
        public let path: String
        public let result: Result<RESTAnswer, RESTError>
    }

    /// How many questions and replies may wait: a question more is answered at once with
    /// `notAsked`.
    public static let questionLimit = 256

    private let exchange: RESTExchange
    private let thread: EndingThread

    /// `baseURL` is scheme and host: `https://api.mexc.com`. The time limit holds for a whole
    /// question, connecting included; `maximumBody` in bytes, after unpacking.
    public init(
        baseURL: String, timeoutMilliseconds: Int = 10_000, maximumBody: Int = 8 << 20,
        trust: CertificateTrust = .system
    ) throws(WebTransportError) {
        let handle = try CurlHandle(
            baseURL: baseURL, timeoutMilliseconds: timeoutMilliseconds, maximumBody: maximumBody,
            trust: trust)
        let exchange: RESTExchange
        do {
            exchange = try RESTExchange(handle: handle, limit: Self.questionLimit)
        } catch {
            throw .system(error)
        }
        self.exchange = exchange
        thread = try EndingThread("rest") { exchange.run() }
    }

    deinit { stop() }

    /// Readable while replies wait.
    public var fileDescriptor: Int32 { exchange.fileDescriptor }

    /// Queues a question; `path` with its query. Returns the number that its reply will carry.
    public func get(_ path: String) -> Int { exchange.ask(path) }

    /// All replies so far, in the order of the questions.
    public func takeReplies() -> [Reply] { exchange.takeReplies() }

    /// Ends the thread, within two seconds; what waits is dropped.
    public func stop() {
        exchange.stop()
        thread.join()
    }

    /// One question and its answer, on the caller's thread: for tools and tests.
    public static func get(
        _ path: String, baseURL: String, timeoutMilliseconds: Int = 10_000,
        maximumBody: Int = 8 << 20, trust: CertificateTrust = .system
    ) throws(WebTransportError) -> Result<RESTAnswer, RESTError> {
        let handle = try CurlHandle(
            baseURL: baseURL, timeoutMilliseconds: timeoutMilliseconds, maximumBody: maximumBody,
            trust: trust)
        return handle.get(path)
    }
}
