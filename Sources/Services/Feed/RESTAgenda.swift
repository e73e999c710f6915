import Exchange
import ServiceKit

/// Which question REST is asked next. Times are monotonic milliseconds.
///
/// The list of contracts comes first, then the market's tickers (polled, or on demand as an anchor of
/// the socket), the exchange's clock, and, one by one and as far as the exchange's limits leave room,
/// the books that are wanted and the candles that fill the windows.
struct RESTAgenda {
    /// Twice within the life of a row's bid and ask: asked for at that pace, half of them would be
    /// too old when they come.
    static let tickersInterval: Int64 = 1_000
    static let clockInterval: Int64 = 5_000
    static let doubtInterval: Int64 = 1_000
    static let listInterval: Int64 = 600_000
    /// Four windows a second.
    static let windowInterval: Int64 = 250
    /// Two books a second.
    static let bookInterval: Int64 = 500
    /// The longest `Retry-After` that is obeyed.
    static let longestPause: Int64 = 600_000

    private(set) var list: Errand
    private(set) var tickers: Errand
    private var clock: Errand
    private var funding: Errand
    private var books: WantedOne
    private var windows: WantedOne
    private var budget = RequestBudget()
    private var pauseBackoff = Backoff(initialMilliseconds: 2_000, maximumMilliseconds: 60_000)
    /// The exchange has had enough of us until then.
    private(set) var pausedUntil: Int64 = .min

    /// - Parameter pollsTickers: whether the tickers are the feed, or only come on demand.
    init(pollsTickers: Bool, now: Int64) {
        list = Errand(every: Self.listInterval, from: now)
        tickers = Errand(every: pollsTickers ? Self.tickersInterval : nil, from: now)
        clock = Errand(every: Self.clockInterval, from: now)
        // Nothing waits for it: it comes after the start's rush, and is not insisted on.
        funding = Errand(
            every: Self.listInterval, from: now + Self.clockInterval,
            backoff: Backoff(initialMilliseconds: 60_000, maximumMilliseconds: Self.listInterval))
        books = WantedOne(every: Self.bookInterval, from: now)
        windows = WantedOne(every: Self.windowInterval, from: now)
    }

    func isPaused(_ now: Int64) -> Bool { now < pausedUntil }

    mutating func demandTickers(_ now: Int64) { tickers.demand(now) }

    /// The clock looked wrong: it is asked for again soon, so that neither a wrong clock nor one that
    /// was put right is misjudged for long.
    mutating func doubtClock(_ now: Int64) { clock.demand(now + Self.doubtInterval) }

    /// The question that is due, which counts as asked.
    /// - Parameters:
    ///   - book: the next book that is wanted, asked only when there is room for it.
    ///   - window: the next candles that are wanted, likewise.
    mutating func next(
        _ now: Int64, book: () -> MarketQuestion?, window: () -> MarketQuestion?
    ) -> MarketQuestion? {
        guard now >= pausedUntil, now >= budget.freeAt else { return nil }
        let question: MarketQuestion
        if isDue(list, now), !list.wasAnswered {
            list.asked(now)
            question = .instruments
        } else if isDue(tickers, now) {
            tickers.asked(now)
            question = .tickers
        } else if isDue(clock, now) {
            clock.asked(now)
            question = .serverTime
        } else if isDue(list, now) {
            list.asked(now)
            question = .instruments
        } else if let wanted = books.take(now, book) {
            question = wanted
        } else if isDue(funding, now) {
            funding.asked(now)
            question = .fundingRates
        } else {
            guard let wanted = windows.take(now, window) else { return nil }
            question = wanted
        }
        budget.take(now)
        return question
    }

    mutating func answered(_ question: MarketQuestion) {
        pauseBackoff.reset()
        switch question {
        case .instruments: list.answered()
        case .tickers: tickers.answered()
        case .serverTime: clock.answered()
        case .fundingRates: funding.answered()
        case .book: books.answered()
        case .candles: windows.answered()
        }
    }

    mutating func failed(_ question: MarketQuestion, _ fault: RESTFault, _ now: Int64) {
        switch question {
        case .instruments: list.failed(now)
        case .tickers: tickers.failed(now)
        case .serverTime: clock.failed(now)
        case .fundingRates: funding.failed(now)
        case .book: books.failed(fault, now)
        case .candles: windows.failed(fault, now)
        }
        guard fault.isRateLimit else { return }
        // Questions that were under way together are refused together, which is one refusal.
        if !isPaused(now) { pausedUntil = now + pauseBackoff.next() }
        let asked = fault.retryAfterSeconds.map { Int64($0) * 1000 } ?? 0
        pausedUntil = max(pausedUntil, now + min(asked, Self.longestPause))
    }

    /// When `next` has to be asked at the latest; books and windows wait for the loop's next turn.
    var nextDeadline: Int64 {
        let errands = [list.dueAt, tickers.dueAt, clock.dueAt, funding.dueAt]
        let due = errands.compactMap { $0 }.min() ?? .max
        return max(due, pausedUntil, budget.freeAt)
    }

    private func isDue(_ errand: Errand, _ now: Int64) -> Bool {
        errand.dueAt.map { $0 <= now } ?? false
    }
}
