import CoreModels
import Exchange
import MarketSources
import Testing

@testable import Services

@Suite("What REST is asked next")
struct RESTAgendaTests {
    private let window = MarketQuestion.candles(
        Symbol("BTC_USDT") ?? Self.other, from: Timestamp(milliseconds: 0),
        through: Timestamp(milliseconds: 60_000))

    private static var other: Symbol {
        guard let symbol = Symbol("ETH_USDT") else { preconditionFailure("no symbol") }
        return symbol
    }

    private func fault(_ text: String = "TIMEOUT") -> RESTFault {
        RESTFault(ExchangeError(.malformed, text), path: "/")
    }

    private var rateLimit: RESTFault { RESTFault(ExchangeError(.rateLimited, "510"), path: "/") }

    /// Everything that is due at `now`.
    private func all(_ agenda: inout RESTAgenda, _ now: Int64) -> [MarketQuestion] {
        var questions: [MarketQuestion] = []
        while let question = agenda.next(now, book: { nil }, window: { nil }) {
            questions.append(question)
        }
        return questions
    }

    @Test("the list of contracts comes first, then tickers and the clock; each once at a time")
    func start() {
        var agenda = RESTAgenda(pollsTickers: true, now: 1000)
        #expect(all(&agenda, 1000) == [.instruments, .tickers, .serverTime])
        #expect(all(&agenda, 4_999).isEmpty)
        #expect(all(&agenda, 90_000) == [.fundingRates])
        #expect(all(&agenda, 90_001).isEmpty)
    }

    @Test("tickers are polled every second from asking, the clock every five, the list rarely")
    func intervals() {
        var agenda = RESTAgenda(pollsTickers: true, now: 0)
        var asked: [(Int64, MarketQuestion)] = []
        for now in stride(from: 0 as Int64, through: 600_000, by: 100) {
            for question in all(&agenda, now) {
                asked.append((now, question))
                agenda.answered(question)
            }
        }
        func times(_ question: MarketQuestion) -> [Int64] {
            asked.filter { $0.1 == question }.map(\.0)
        }
        #expect(times(.tickers) == Array(stride(from: 0, through: 600_000, by: 1000)))
        #expect(times(.serverTime) == Array(stride(from: 0, through: 600_000, by: 5000)))
        #expect(times(.instruments) == [0, 600_000])
        #expect(times(.fundingRates) == [5_000])
    }

    @Test("a row is seen while its bid and ask count, even when a poll comes half their life late")
    func quotesLast() { #expect(2 * RESTAgenda.tickersInterval <= LiveMarket.quoteLifetime) }

    @Test(
        "a clock that looked wrong is asked for again after a second, one that did not after five")
    func doubt() {
        var agenda = RESTAgenda(pollsTickers: false, now: 0)
        #expect(all(&agenda, 0) == [.instruments, .serverTime])
        agenda.answered(.serverTime)
        agenda.doubtClock(50)
        #expect(all(&agenda, 1_049).isEmpty)
        #expect(all(&agenda, 1_050) == [.serverTime])
        agenda.answered(.serverTime)
        #expect(all(&agenda, 6_049) == [.fundingRates])
        #expect(all(&agenda, 6_050) == [.serverTime])
    }

    @Test("for the socket tickers come on demand only, one question for many demands")
    func onDemand() {
        var agenda = RESTAgenda(pollsTickers: false, now: 0)
        #expect(all(&agenda, 0) == [.instruments, .serverTime])
        agenda.demandTickers(100)
        agenda.demandTickers(150)
        #expect(all(&agenda, 200) == [.tickers])
        agenda.demandTickers(250)
        #expect(all(&agenda, 300).isEmpty)
        agenda.failed(.tickers, fault(), 400)
        #expect(all(&agenda, 500) == [.tickers])
        agenda.failed(.tickers, fault(), 600)
        // Nobody has demanded them again.
        #expect(all(&agenda, 60_000).filter { $0 == .tickers }.isEmpty)
    }

    @Test("a failed poll is tried again after growing pauses")
    func retry() {
        var agenda = RESTAgenda(pollsTickers: true, now: 0)
        _ = all(&agenda, 0)
        var now: Int64 = 0
        for pause in [200, 400, 800, 1600, 3200, 5000, 5000] as [Int64] {
            agenda.failed(.tickers, fault(), now)
            #expect(!all(&agenda, now + pause - 1).contains(.tickers))
            now += pause
            #expect(all(&agenda, now).contains(.tickers), "\(pause)")
        }
    }

    @Test("never more than nine questions in any two seconds, and four windows a second")
    func budget() {
        var agenda = RESTAgenda(pollsTickers: true, now: 0)
        var asked: [Int64] = []
        var windows: [Int64] = []
        for now in stride(from: 0 as Int64, through: 20_000, by: 10) {
            while let question = agenda.next(now, book: { nil }, window: { window }) {
                asked.append(now)
                if question == window { windows.append(now) }
                agenda.answered(question)
            }
        }
        for (first, tenth) in zip(asked, asked.dropFirst(RequestBudget.requests)) {
            #expect(tenth - first >= RequestBudget.span)
        }
        for (first, second) in zip(windows, windows.dropFirst()) { #expect(second - first >= 250) }
        #expect(windows.count > 55)
    }

    @Test("one window at a time; one symbol's refusal holds nobody up, a lost connection does")
    func windows() {
        var agenda = RESTAgenda(pollsTickers: false, now: -500)
        _ = all(&agenda, -500)
        #expect(agenda.next(0, book: { nil }, window: { window }) == window)
        #expect(agenda.next(3000, book: { nil }, window: { window }) == nil)
        agenda.failed(window, RESTFault(ExchangeError(.refused, "1001"), path: "/"), 3000)
        #expect(agenda.next(3000, book: { nil }, window: { window }) == window)
        agenda.failed(window, fault(), 3100)
        #expect(agenda.next(4099, book: { nil }, window: { window }) == nil)
        #expect(agenda.next(4100, book: { nil }, window: { window }) == window)
    }

    @Test("books go before windows, one at a time and two a second; each has its own pauses")
    func books() {
        var agenda = RESTAgenda(pollsTickers: false, now: -500)
        _ = all(&agenda, -500)
        let book = MarketQuestion.book(Self.other)
        func next(_ now: Int64) -> MarketQuestion? {
            agenda.next(now, book: { book }, window: { window })
        }
        #expect(next(0) == book)
        #expect(next(0) == window)
        #expect(next(900) == nil)
        agenda.answered(book)
        #expect(next(900) == book)
        agenda.answered(book)
        #expect(next(1_399) == nil)
        #expect(next(1_400) == book)
        agenda.failed(book, RESTFault(ExchangeError(.refused, "1001"), path: "/"), 1_450)
        #expect(next(1_900) == book)
        agenda.failed(book, fault(), 2_000)
        #expect(next(2_999) == nil)
        agenda.answered(window)
        #expect(next(2_999) == window)
        #expect(next(3_000) == book)
    }

    @Test("funding is not insisted on")
    func funding() {
        var agenda = RESTAgenda(pollsTickers: false, now: 0)
        for question in all(&agenda, 0) { agenda.answered(question) }
        #expect(all(&agenda, 5_000).contains(.fundingRates))
        agenda.failed(.fundingRates, fault(), 5_100)
        #expect(!all(&agenda, 65_099).contains(.fundingRates))
        #expect(all(&agenda, 65_100).contains(.fundingRates))
    }

    @Test(
        "too many requests stop all questions: as long as the exchange says, growing where it does not",
        arguments: [
            (nil as Int?, [2000, 4000, 8000] as [Int64]), (7, [7000, 7000, 8000]),
            (5000, [600_000, 600_000, 600_000]),
        ])
    func rateLimits(retryAfter: Int?, pauses: [Int64]) {
        var agenda = RESTAgenda(pollsTickers: true, now: 0)
        _ = all(&agenda, 0)
        var now: Int64 = 0
        for pause in pauses {
            var limit = rateLimit
            limit.retryAfterSeconds = retryAfter
            agenda.failed(.tickers, limit, now)
            #expect(agenda.isPaused(now + pause - 1))
            #expect(agenda.next(now + pause - 1, book: { nil }, window: { window }) == nil)
            #expect(agenda.nextDeadline >= now + pause)
            now += pause
            #expect(!agenda.isPaused(now))
            #expect(all(&agenda, now).contains(.tickers))
        }
        agenda.answered(.tickers)
        agenda.failed(.serverTime, rateLimit, now)
        #expect(agenda.pausedUntil == now + 2000)
    }

    @Test("questions that are refused together are one refusal; the longest Retry-After counts")
    func refusedTogether() {
        var agenda = RESTAgenda(pollsTickers: true, now: 0)
        for question in all(&agenda, 0) { agenda.failed(question, rateLimit, 10) }
        #expect(agenda.pausedUntil == 2010)
        var late = rateLimit
        late.retryAfterSeconds = 3
        agenda.failed(.tickers, late, 20)
        #expect(agenda.pausedUntil == 3020)
        for question in all(&agenda, 3020) { agenda.failed(question, rateLimit, 3030) }
        #expect(agenda.pausedUntil == 7030)
    }

    @Test("the next deadline is when something may be asked, never in a hot loop")
    func deadline() {
        var agenda = RESTAgenda(pollsTickers: true, now: 0)
        #expect(agenda.nextDeadline == 0)
        for question in all(&agenda, 0) { agenda.answered(question) }
        #expect(agenda.nextDeadline == 1000)
    }

    @Test("what nobody wanted is looked for again at the pace of asking")
    func looking() {
        var agenda = RESTAgenda(pollsTickers: false, now: 0)
        for question in all(&agenda, 0) { agenda.answered(question) }
        var looked: [Int64] = []
        for now in stride(from: 10 as Int64, through: 1_000, by: 10) {
            _ = agenda.next(
                now, book: { nil },
                window: {
                    looked.append(now)
                    return nil
                })
        }
        #expect(looked == [250, 500, 750, 1_000])
    }
}
