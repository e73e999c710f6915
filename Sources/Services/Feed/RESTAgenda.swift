import Exchange
import ServiceKit

/// Which question REST is asked next. Times are monotonic milliseconds.
///
/// The list of contracts comes first, then the market's tickers (polled, or on demand as an anchor of
/// the socket), the exchange's clock, and one by one the candles that fill the windows, as far as the
/// exchange's limits leave room.
struct RESTAgenda {
    static let tickersInterval: Int64 = 2_000
    static let clockInterval: Int64 = 5_000
    static let doubtInterval: Int64 = 1_000
    static let listInterval: Int64 = 600_000
    /// Four windows a second.
    static let windowInterval: Int64 = 250
    /// The longest `Retry-After` that is obeyed.
    static let longestPause: Int64 = 600_000

    private(set) var list: Errand
    private(set) var tickers: Errand
    private var clock: Errand
    private var windowDue: Int64
    private var windowIsUnderWay = false
    private var windowBackoff = Backoff(initialMilliseconds: 1_000, maximumMilliseconds: 60_000)
    private var budget = RequestBudget()
    private var pauseBackoff = Backoff(initialMilliseconds: 2_000, maximumMilliseconds: 60_000)
    /// The exchange has had enough of us until then.
    private(set) var pausedUntil: Int64 = .min

    /// - Parameter pollsTickers: whether the tickers are the feed, or only come on demand.
    init(pollsTickers: Bool, now: Int64) {
        list = Errand(every: Self.listInterval, from: now)
        tickers = Errand(every: pollsTickers ? Self.tickersInterval : nil, from: now)
        clock = Errand(every: Self.clockInterval, from: now)
        windowDue = now
    }

    func isPaused(_ now: Int64) -> Bool { now < pausedUntil }

    mutating func demandTickers(_ now: Int64) { tickers.demand(now) }

    /// The clock looked wrong: it is asked for again soon, so that neither a wrong clock nor one that
    /// was put right is misjudged for long.
    mutating func doubtClock(_ now: Int64) { clock.demand(now + Self.doubtInterval) }

    /// The question that is due, which counts as asked.
    /// - Parameter window: the next candles that are wanted, asked only when there is room for them.
    mutating func next(_ now: Int64, window: () -> MarketQuestion?) -> MarketQuestion? {
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
        } else {
            guard !windowIsUnderWay, now >= windowDue, let wanted = window() else { return nil }
            windowIsUnderWay = true
            windowDue = now + Self.windowInterval
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
        case .candles:
            windowIsUnderWay = false
            windowBackoff.reset()
        }
    }

    mutating func failed(_ question: MarketQuestion, _ fault: RESTFault, _ now: Int64) {
        switch question {
        case .instruments: list.failed(now)
        case .tickers: tickers.failed(now)
        case .serverTime: clock.failed(now)
        case .candles:
            windowIsUnderWay = false
            // One symbol's candles may be missing for a reason of that symbol.
            if !fault.isAboutQuestion { windowDue = now + windowBackoff.next() }
        }
        guard fault.isRateLimit else { return }
        let asked = fault.retryAfterSeconds.map { Int64($0) * 1000 } ?? 0
        pausedUntil = now + max(min(asked, Self.longestPause), pauseBackoff.next())
    }

    /// When `next` has to be asked at the latest.
    /// - Parameter windowsWait: whether a window may be wanted.
    func nextDeadline(windowsWait: Bool) -> Int64 {
        var due = [list.dueAt, tickers.dueAt, clock.dueAt].compactMap { $0 }.min() ?? .max
        if windowsWait, !windowIsUnderWay { due = min(due, windowDue) }
        return max(due, pausedUntil, budget.freeAt)
    }

    private func isDue(_ errand: Errand, _ now: Int64) -> Bool {
        errand.dueAt.map { $0 <= now } ?? false
    }
}
