import CoreModels
import Exchange
import Testing

@Suite("The session of a feed") struct FeedSessionTests {
    @Test("connects first, then pings, anchors and asks for everything wanted")
    func start() {
        var story = Story()
        #expect(story.session.nextDeadline(now: 0) == 0)
        #expect(story.tell(.want(books: [ab, cd], trades: [ab])) == [.connect])
        #expect(story.tell(.clock) == [])
        #expect(
            story.tell(.opened) == [
                .anchor, .send(.ping), .send(.subscribeTickers), .send(.subscribeBook(ab)),
                .send(.subscribeBook(cd)), .send(.subscribeTrades(ab)),
            ])
    }

    @Test("confirms a subscription by its first data and by nothing else")
    func confirmation() {
        var story = Story()
        story.tell(.want(books: [ab], trades: [ab]))
        story.connect()
        for fact in [
            ExchangeFact.acknowledged("sub.deal"), .pong(nil), .unknown("push.moon"),
            .tickers([], unreadable: 3), book(cd), .serverTime(at(0)), .instruments([]),
        ] {
            story.tell(.received(fact))
        }
        #expect(story.session.status(now: 0).streams.map(\.isConfirmed) == [false, false, false])
        #expect(!story.session.status(now: 0).isSynchronised)
        story.tell(.received(tickers))
        story.tell(.received(book(ab)))
        #expect(story.session.status(now: 0).streams.map(\.isConfirmed) == [true, true, false])
        story.tell(.received(.trades(ab, [])))
        #expect(story.session.status(now: 0).isSynchronised)
    }

    @Test("asks again for what is not confirmed, after 10, 20, 40, 80, 160, 160 … seconds")
    func unconfirmed() {
        var story = Story()
        story.tell(.want(books: [], trades: [ab]))
        story.connect()
        story.pass(700_000, every: 2_000, [tickers, .pong(nil)])
        #expect(
            story.times(.send(.subscribeTrades(ab)))
                == [0, 10_000, 30_000, 70_000, 150_000, 310_000, 470_000, 630_000])
        #expect(story.count("unconfirmed") == 7)
        #expect(story.times(.send(.subscribeTickers)) == [0])
    }

    @Test("sends at most 20 requests in any second")
    func rate() {
        let symbols = (0..<100).map { symbol("S\($0)_USDT") }
        var story = Story()
        story.tell(.want(books: symbols, trades: symbols))
        story.connect()
        story.pass(9_999)
        #expect(story.sent.count == 200)
        let times = story.outputs.compactMap { time, output -> Int64? in
            if case .send = output { time } else { nil }
        }
        for index in times.indices.dropFirst(20) {
            #expect(times[index] - times[index - 20] >= 1_000)
        }
        #expect(story.sent.prefix(3) == [.ping, .subscribeTickers, .subscribeBook(symbols[0])])
        #expect(Set(story.sent).count == 200)
    }

    @Test("pings every 15 s from the last ping sent, however busy the feed")
    func ping() {
        var story = Story()
        story.connect()
        story.pass(60_000, every: 100, [tickers])
        #expect(story.times(.send(.ping)) == [0, 15_000, 30_000, 45_000, 60_000])
    }

    @Test("notes a pong that is outstanding for more than 20 s, once, and goes on")
    func slowPong() {
        var story = Story()
        story.connect()
        story.pass(39_000, every: 1_000, [tickers])
        #expect(story.times(.note(.slowPong(20_000))) == [20_000])
        story.tell(.received(.pong(nil)))
        #expect(story.session.status(now: story.now).roundTrip == 39_000)
        // The next unanswered ping is that of 15 s.
        story.pass(1_000, every: 500, [tickers])
        #expect(story.count("slow_pong") == 2)
        #expect(story.session.status(now: story.now).isConnected)
    }

    @Test("anchors at once and every 10 s; a failure is noted; a missing answer is waited for")
    func anchor() {
        var story = Story()
        story.connect()
        story.tell(.anchored)
        story.pass(10_000, every: 1_000, [tickers, .pong(nil)])
        #expect(story.times(.anchor) == [0, 10_000])
        #expect(story.tell(.anchorFailed("timeout")) == [.note(.anchorFailed("timeout"))])
        story.pass(40_000, every: 1_000, [tickers, .pong(nil)])
        #expect(story.times(.anchor) == [0, 10_000, 20_000, 50_000])
    }

    @Test("gives up a connection on which nothing came for 40 s")
    func silence() {
        var story = Story()
        story.connect()
        story.pass(39_999)
        #expect(story.count("silent") == 0)
        story.pass(1)
        #expect(story.times(.note(.silent)) == [40_000])
        #expect(story.times(.close("nothing came for 40000 ms")) == [40_000])
        #expect(!story.session.status(now: story.now).isConnected)
    }

    @Test("gives up a connection whose data stopped for 15 s while pongs flow")
    func stale() {
        var story = Story()
        story.connect()
        story.pass(10_000, every: 1_000, [tickers])
        story.pass(14_999, every: 2_000, [.pong(nil)])
        #expect(story.count("stale_feed") == 0)
        story.pass(1)
        #expect(story.times(.note(.stale)) == [25_000])
        #expect(story.times(.close("no data for 15000 ms")) == [25_000])
    }

    @Test("takes the pong that comes late as the sign of a stale feed")
    func lateStale() {
        var story = Story()
        story.connect()
        story.tell(.received(tickers))
        story.pass(20_000)
        #expect(story.count("stale_feed") == 0)
        #expect(story.tell(.received(.pong(nil))).contains(.note(.stale)))
    }

    @Test("asks for the tickers again when they stop for 15 s while other data flows")
    func tickersSilent() {
        var story = Story()
        story.tell(.want(books: [ab], trades: []))
        story.connect()
        story.tell(.received(tickers))
        story.pass(40_000, every: 500, [book(ab), .pong(nil)])
        #expect(story.times(.note(.tickersSilent)) == [15_000, 40_000])
        #expect(story.times(.send(.subscribeTickers)) == [0, 15_000, 25_000, 40_000])
        #expect(story.session.status(now: story.now).isConnected)
    }

    @Test("comes back at once after the notice of idle close, and asks for everything again")
    func idleNotice() {
        var story = Story()
        story.tell(.want(books: [ab], trades: []))
        story.connect()
        story.tell(.received(tickers))
        story.now = 10_000
        let words = "more than 60 seconds no response, close the channel"
        #expect(
            story.tell(.received(.complaint(words))) == [.note(.idleNotice), .close(words)])
        #expect(
            story.tell(.closed("1005")) == [.note(.lost(reason: words, pause: 0)), .connect])
        #expect(
            story.tell(.opened) == [
                .anchor, .send(.ping), .send(.subscribeTickers), .send(.subscribeBook(ab)),
            ])
        #expect(story.session.status(now: story.now).reconnects == 1)
    }

    @Test("pauses after a notice of idle close on a connection that gave no data")
    func idleNoticeWithoutData() {
        var story = Story()
        story.connect()
        story.tell(.received(.complaint("more than 60 seconds no response, close the channel")))
        #expect(!story.tell(.closed("")).contains(.connect))
    }

    @Test("asks for a symbol again that the exchange did not have a minute ago")
    func unknownForAWhile() {
        var story = Story()
        story.tell(.want(books: [ab, cd], trades: [ab]))
        story.connect()
        let complaint = FeedSession.Input.received(.complaint("Contract [AB_USDT] not exists"))
        for _ in 0..<2 {
            #expect(story.tell(complaint) == [.note(.unknownSymbol(ab))])
            story.pass(59_999, every: 1_000, [tickers, book(cd)])
            #expect(story.tell(.want(books: [ab, cd], trades: [ab])) == [])
            story.now += 1
            let sent = story.tell(.want(books: [ab, cd], trades: [ab])).suffix(2)
            #expect(sent == [.send(.subscribeBook(ab)), .send(.subscribeTrades(ab))])
        }
        story.tell(.received(book(ab)))
        #expect(story.session.status(now: story.now).streams[1].isConfirmed)
    }

    @Test("gives up a symbol the exchange does not have, until the next connection at the latest")
    func unknownSymbol() {
        var story = Story()
        story.tell(.want(books: [ab, cd], trades: [ab]))
        story.connect()
        let words = "Contract [AB_USDT] not exists"
        #expect(story.tell(.received(.complaint(words))) == [.note(.unknownSymbol(ab))])
        #expect(story.tell(.received(.complaint(words))) == [.note(.complaint(words))])
        #expect(
            story.session.status(now: 0).streams.map(\.request)
                == [.subscribeTickers, .subscribeBook(cd)])
        #expect(story.tell(.want(books: [ab, cd], trades: [])) == [])
        story.tell(.closed("gone"))
        story.pass(1_000)
        #expect(story.tell(.opened).contains(.send(.subscribeBook(ab))))
    }

    @Test("notes other complaints")
    func complaint() {
        var story = Story()
        story.connect()
        #expect(story.tell(.received(.complaint("hm"))) == [.note(.complaint("hm"))])
        let unwanted = "Contract [CD_USDT] not exists"
        #expect(story.tell(.received(.complaint(unwanted))) == [.note(.complaint(unwanted))])
    }

    @Test("follows the wanted symbols: what leaves is unsubscribed first, what stays is left alone")
    func wanting() {
        var story = Story()
        story.tell(.want(books: [ab], trades: [ab]))
        story.connect()
        #expect(
            story.tell(.want(books: [cd, ab], trades: [])) == [
                .send(.unsubscribeTrades(ab)), .send(.subscribeBook(cd)),
            ])
        #expect(story.tell(.want(books: [cd, ab], trades: [])) == [])
        #expect(
            story.tell(.want(books: [], trades: [ab])) == [
                .send(.unsubscribeBook(cd)), .send(.unsubscribeBook(ab)),
                .send(.subscribeTrades(ab)),
            ])
    }

    @Test("does not unsubscribe what was never asked for or is wanted again")
    func wantedAgain() {
        var limits = FeedLimits()
        limits.requestsPerSecond = 3
        var story = Story(limits: limits)
        story.tell(.want(books: [ab, cd], trades: []))
        story.connect()
        #expect(story.sent == [.ping, .subscribeTickers, .subscribeBook(ab)])
        story.tell(.want(books: [], trades: []))
        story.tell(.want(books: [ab], trades: []))
        story.pass(1_000)
        #expect(
            story.sent == [.ping, .subscribeTickers, .subscribeBook(ab), .subscribeBook(ab)])
    }

    @Test("tracks at most 100 symbols, the most needed ones")
    func tooMany() {
        let symbols = (0..<103).map { symbol("S\($0)_USDT") }
        var story = Story()
        #expect(
            story.tell(.want(books: symbols + symbols, trades: symbols))
                == [.note(.tooManySymbols(3)), .connect])
        story.tell(.opened)
        #expect(story.session.status(now: 0).streams.count == 201)
        #expect(
            story.session.status(now: 0).streams.last?.request == .subscribeTrades(symbols[99]))
    }

    @Test("gives up an attempt that takes too long, and an end that is not reported")
    func patience() {
        var story = Story()
        story.tell(.clock)
        story.pass(14_999)
        #expect(story.outputs.count == 1)
        story.pass(1)
        #expect(story.times(.close("not connected in time")) == [15_000])
        story.pass(2_999)
        #expect(story.count("connection_lost") == 0)
        story.pass(1)
        #expect(story.count("connection_lost") == 1)
        story.pass(500)
        #expect(story.times(.connect).count == 2)
    }

    @Test("ignores what comes from a connection it has left")
    func late() {
        var story = Story()
        story.tell(.clock)
        story.tell(.closed("refused"))
        #expect(story.tell(.closed("refused")) == [])
        #expect(story.tell(.received(tickers)) == [])
        #expect(story.tell(.anchored) == [])
        #expect(story.session.status(now: 0).messageAge == nil)
    }

    @Test("tells ages, pings and streams")
    func status() {
        var story = Story()
        story.tell(.want(books: [ab], trades: []))
        story.now = 1_000
        story.connect()
        story.now = 1_040
        story.tell(.received(.pong(at(7))))
        story.now = 1_500
        story.tell(.received(book(ab)))
        #expect(
            story.session.status(now: 2_000)
                == FeedStatus(
                    isConnected: true, connectedFor: 1_000, reconnects: 0,
                    streams: [
                        .init(request: .subscribeTickers, isConfirmed: false, dataAge: nil),
                        .init(request: .subscribeBook(ab), isConfirmed: true, dataAge: 500),
                    ], messageAge: 500, pingAge: 1_000, pongAge: 960, roundTrip: 40))
    }

    @Test("never asks to be woken in the past, nor without end at the same moment")
    func deadlines() {
        var story = Story()
        story.tell(.want(books: [ab], trades: [cd]))
        story.connect()
        var woken = 0
        while story.now < 300_000 {
            let due = story.session.nextDeadline(now: story.now)
            #expect(due >= story.now)
            #expect(woken < 300, "busy at \(story.now)")
            if due == story.now { woken += 1 } else { woken = 0 }
            story.now = due
            for output in story.tell(.clock) {
                if case .close = output { story.tell(.closed("ours")) }
                if output == .connect { story.tell(.opened) }
            }
        }
        #expect(story.count("silent") >= 5)
    }
}
