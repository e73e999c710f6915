import CoreModels
import Exchange
import MarketSources
import ServiceKit
import WebTransport

/// The exchange's REST: asks what `RESTAgenda` says, and reads the answers.
final class RESTLink {
    /// What became of a question.
    struct Answer {
        var question: MarketQuestion
        var result: Result<ExchangeFact, RESTFault>
        /// Wall clock, milliseconds; nil without an answer.
        var times: (sentAt: Int64, receivedAt: Int64)?
        /// Monotonic clock, nanoseconds, when its last byte came.
        var monotonic: Int64
    }

    /// For a whole question, in milliseconds: a slow one must not hold up the next poll for long.
    private static let timeout = 5_000
    /// An answer that takes longer, in milliseconds, is counted.
    private static let slow: Int64 = 2_000

    private(set) var agenda: RESTAgenda
    private let client: RESTClient
    private let exchange: any ExchangeAdapter
    private let metrics: FeedMetrics
    private let logger: Logger
    /// By the client's numbers.
    private var asked: [Int: MarketQuestion] = [:]
    /// Why the last question failed; nil when it did not.
    private(set) var failure: RESTFault?

    init(
        url: String, exchange: any ExchangeAdapter, pollsTickers: Bool, metrics: FeedMetrics,
        logger: Logger
    ) throws(WebTransportError) {
        client = try RESTClient(baseURL: url, timeoutMilliseconds: Self.timeout)
        self.exchange = exchange
        self.metrics = metrics
        self.logger = logger
        agenda = RESTAgenda(pollsTickers: pollsTickers, now: SystemClock.monotonicMilliseconds)
    }

    var pollEntry: PollEntry { PollEntry(client.fileDescriptor, .readable) }
    func stop() { client.stop() }
    func demandTickers(_ now: Int64) { agenda.demandTickers(now) }
    func doubtClock(_ now: Int64) { agenda.doubtClock(now) }

    /// Asks what is due.
    func ask(_ now: Int64, book: () -> MarketQuestion?, window: () -> MarketQuestion?) {
        while let question = agenda.next(now, book: book, window: window) {
            asked[client.get(exchange.path(of: question))] = question
        }
    }

    /// Hands on what was answered.
    func take(_ now: Int64, _ deliver: (Answer) -> Void) {
        for reply in client.takeReplies() {
            guard let question = asked.removeValue(forKey: reply.id) else { continue }
            let result = read(reply, question)
            switch result {
            case .success:
                failure = nil
                agenda.answered(question)
            case .failure(let fault):
                failure = fault
                metrics.fault("rest_" + fault.code.lowercased())
                logger.limited(
                    "rest_" + fault.code, .warning, "rest_failed", fault.description,
                    [.init("code", .text(fault.code))])
                agenda.failed(question, fault, now)
            }
            let answer = reply.answer
            deliver(
                Answer(
                    question: question, result: result,
                    times: answer.map { ($0.sentAt, $0.receivedAt) },
                    monotonic: answer?.monotonic ?? SystemClock.monotonicNanoseconds))
        }
    }

    private func read(
        _ reply: RESTClient.Reply, _ question: MarketQuestion
    ) -> Result<ExchangeFact, RESTFault> {
        let answer: RESTAnswer
        switch reply.result {
        case .success(let success): answer = success
        case .failure(let error):
            metrics.asked(question, error.kind.rawValue)
            return .failure(RESTFault(error))
        }
        if answer.milliseconds > Self.slow { metrics.fault("rest_slow") }
        guard (200..<300).contains(answer.status) else {
            metrics.asked(question, "\(answer.status)")
            return .failure(RESTFault(status: answer, path: reply.path))
        }
        do {
            let fact = try exchange.decode(reply: answer.body.span.bytes, to: question)
            metrics.asked(question, "\(answer.status)")
            return .success(fact)
        } catch {
            // The exchange's errors come with status 200: what it meant is told instead.
            metrics.asked(question, error.reason == .rateLimited ? "510" : error.reason.rawValue)
            return .failure(RESTFault(error, path: reply.path))
        }
    }
}

extension RESTClient.Reply {
    fileprivate var answer: RESTAnswer? {
        switch result {
        case .success(let answer): answer
        case .failure: nil
        }
    }
}
