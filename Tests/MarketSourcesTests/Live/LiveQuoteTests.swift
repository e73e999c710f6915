import CoreModels
import DecisionCores
import Exchange
import Testing

@testable import MarketSources

@Suite("Quotes of a LiveMarket")
struct LiveQuoteTests {
    private func price(_ text: String) -> Price { LiveExchange.fixed(text) }

    /// A market with two prices of one symbol, the last at 2000.
    private func started(clock: LiveSettings.Clock = .wall) -> LiveExchange {
        var exchange = LiveExchange(clock: clock)
        _ = exchange.row(1000, "100", "5000")
        _ = exchange.row(2000, "100", "5000")
        return exchange
    }

    @Test("a valid book is offered at once, with the last price; the same again is not")
    func book() throws {
        var exchange = started()
        let data = try #require(exchange.book(2300, version: 1, "99.9", "100.1").first)
        #expect(data.price == price("100"))
        #expect(data.bid == price("99.9"))
        #expect(data.ask == price("100.1"))
        #expect(data.volume == .zero)
        #expect(data.timestamp == Timestamp(milliseconds: 2300))
        #expect(exchange.book(2600, version: 2, "99.9", "100.1").isEmpty)
        #expect(exchange.book(2900, version: 3, "99.8", "100.1").count == 1)
        #expect(exchange.row(3000, "100.05", "5000").first?.bid == price("99.8"))
    }

    @Test(
        "a book that is not valid ends the quote at once and is counted",
        arguments: [
            (2, "100.1", "99.9"), (2, "100", "100"), (2, nil, "100.1"), (2, "99.9", nil),
            (2, nil, nil), (0, "99.9", "100.2"),
        ] as [(Int64, String?, String?)])
    func invalidBook(version: Int64, bid: String?, ask: String?) throws {
        var exchange = started()
        #expect(exchange.book(2300, version: 1, "99.9", "100.1").first?.bid != nil)
        let data = try #require(exchange.book(2600, version: version, bid, ask).first)
        #expect(data.bid == nil && data.ask == nil)
        #expect(exchange.market.rejections.values.reduce(0, +) == 1)
        #expect(exchange.row(3000, "101", "5000").first?.bid == nil)
        let again = try #require(exchange.book(3300, version: 3, "99.9", "100.1").first)
        #expect(again.bid == price("99.9"))
    }

    @Test("a quote of two seconds is withdrawn, once")
    func withdrawn() throws {
        var exchange = started()
        _ = exchange.book(2300, version: 1, "99.9", "100.1")
        #expect(exchange.pass(to: 4300).isEmpty)
        let data = try #require(exchange.pass(to: 4301).first)
        #expect(data.bid == nil && data.ask == nil)
        #expect(data.price == price("100"))
        #expect(exchange.pass(to: 9000).isEmpty)
    }

    @Test("bid and ask of a row go with its price: they end without a word")
    func rowQuoteEnds() throws {
        var exchange = started()
        _ = exchange.row(3000, "101", bid: "100.9", ask: "101.1")
        #expect(exchange.market.quoted(at: Timestamp(milliseconds: 5000)) == 1)
        #expect(exchange.pass(to: 5001).isEmpty)
        #expect(exchange.market.quoted(at: Timestamp(milliseconds: 5001)) == 0)
        // The same row once more, too old by now for its bid and ask.
        let again = exchange.row(3000, "101", bid: "100.9", ask: "101.1", receivedAt: 5050)
        #expect(again.isEmpty)
        #expect(exchange.market.rejections == ["stale_quote": 1])
        let traded = try #require(exchange.deal(5100, "101", "7").first)
        #expect(traded.bid == nil && traded.ask == nil)
    }

    @Test("a row that comes after the quote's end does not carry it")
    func ended() {
        var exchange = started()
        _ = exchange.book(2300, version: 1, "99.9", "100.1")
        #expect(exchange.row(4300, "101").first?.bid == price("99.9"))
        #expect(exchange.row(4302, "102").first?.bid == nil)
    }

    @Test("a book that came late is no quote: it is as old as the exchange says")
    func lateBook() {
        var exchange = started()
        #expect(
            exchange.book(2300, version: 1, "99.9", "100.1", receivedAt: 4300).first?.bid
                == price("99.9"))
        #expect(
            exchange.book(2400, version: 2, "99.8", "100.1", receivedAt: 4401).first?.bid == nil)
        #expect(exchange.market.rejections == ["book_stale": 1])
    }

    @Test("a clock that is known to go ahead makes no quote old")
    func skew() {
        var exchange = started()
        exchange.market.clockSkew = 3000
        #expect(
            exchange.book(2300, version: 1, "99.9", "100.1", receivedAt: 5400).first?.bid
                == price("99.9"))
    }

    @Test(
        "bid and ask of a row count when it is young and they are not crossed",
        arguments: [
            ("99.9", "100.1", 3000 as Int64, "99.9" as String?, nil as String?),
            ("99.9", "100.1", 5000, "99.9", nil), ("99.9", "100.1", 5001, nil, "stale_quote"),
            ("100.1", "99.9", 3000, nil, "crossed_quote"),
            ("100", "100", 3000, nil, "crossed_quote"),
        ])
    func row(
        bid: String, ask: String, receipt: Int64, expected: String?, rejection: String?
    ) throws {
        var exchange = started()
        let data = try #require(
            exchange.row(3000, "101", "5000", bid: bid, ask: ask, receivedAt: receipt).first)
        #expect(data.bid == expected.map { price($0) })
        #expect(exchange.market.rejections == (rejection.map { [$0: 1] } ?? [:]))
    }

    @Test("a row does not replace a book that is still good, and does when it has ended")
    func bookBeforeRow() {
        var exchange = started()
        _ = exchange.book(2300, version: 1, "99.9", "100.1")
        #expect(
            exchange.row(3000, "101", bid: "99", ask: "103").first?.bid == price("99.9"))
        #expect(exchange.row(4301, "102", bid: "99", ask: "103").first?.bid == price("99"))
    }

    /// What is asked for at `now` when the symbol is held.
    private func asked(_ exchange: inout LiveExchange, _ now: Int64) -> MarketQuestion? {
        exchange.market.nextBook(at: Timestamp(milliseconds: now))
    }

    @Test("the book of what is held is asked for when it is quiet, before its quote ends")
    func quietBook() throws {
        var exchange = started()
        let bitcoin = LiveExchange.symbol("BTC_USDT")
        #expect(asked(&exchange, 2100) == nil)
        _ = exchange.market.activeSet(positions: [bitcoin], pending: [], present: [])
        #expect(asked(&exchange, 2100) == .book(bitcoin))
        _ = exchange.book(2300, version: 4, "99.9", "100.1")
        #expect(asked(&exchange, 3300) == nil)
        #expect(asked(&exchange, 3301) == .book(bitcoin))
        // Nothing has changed: nothing is published, and the quote lives on.
        #expect(exchange.book(3301, version: 4, "99.9", "100.1", isSnapshot: true).isEmpty)
        #expect(exchange.pass(to: 5301).isEmpty)
        #expect(exchange.row(5301, "101").first?.bid == price("99.9"))
        #expect(exchange.pass(to: 5302).first?.bid == nil)
    }

    @Test("a book that was asked for ends no quote, whatever is wrong with it")
    func invalidSnapshot() {
        var exchange = started()
        _ = exchange.book(2300, version: 4, "99.9", "100.1")
        let bad: [(Int64, String?, String?)] = [
            (3, "99.8", "100.2"), (5, "100.2", "100.1"), (5, nil, "100.1"), (5, nil, nil),
        ]
        for (version, bid, ask) in bad {
            #expect(exchange.book(2400, version: version, bid, ask, isSnapshot: true).isEmpty)
        }
        #expect(exchange.row(2500, "101").first?.bid == price("99.9"))
        // A push that the answer has overtaken is no step back.
        #expect(
            exchange.book(2600, version: 9, "99.7", "100.1", isSnapshot: true).first?.bid
                == price("99.7"))
        #expect(exchange.book(2600, version: 8, "99.8", "100.1").first?.bid == price("99.8"))
        #expect(
            exchange.market.rejections
                == ["book_version": 1, "book_crossed": 1, "book_one_sided": 2])
    }

    @Test("of several quiet books the one asked for longest ago is next")
    func turns() {
        let names = ["A_USDT", "B_USDT", "C_USDT"]
        var exchange = LiveExchange(names.map { LiveExchange.contract($0) })
        for name in names {
            _ = exchange.row(1000, "100", symbol: name)
            _ = exchange.row(2000, "100", symbol: name)
        }
        let held = names.map(LiveExchange.symbol)
        _ = exchange.market.activeSet(positions: [held[0], held[2]], pending: [], present: [])
        let next = (0..<5).map { asked(&exchange, 2100 + $0) }
        #expect(next == [0, 2, 0, 2, 0].map { .book(held[$0]) })
    }

    @Test("versions begin anew after a lost connection")
    func lostConnection() {
        var exchange = started()
        _ = exchange.book(2300, version: 100, "99.9", "100.1")
        exchange.market.connectionLost()
        #expect(exchange.book(2600, version: 3, "99.8", "100.1").first?.bid == price("99.8"))
    }

    @Test("on the market's clock a book ages with the exchange's time")
    func marketClock() {
        var exchange = started(clock: .market)
        #expect(
            exchange.book(2300, version: 1, "99.9", "100.1", receivedAt: 7).first?.bid
                == price("99.9"))
        #expect(exchange.pass(to: 900_000).isEmpty)
        _ = exchange.take(.serverTime(Timestamp(milliseconds: 4301)), at: 8)
        #expect(exchange.pass(to: 9).first?.bid == nil)
    }
}
