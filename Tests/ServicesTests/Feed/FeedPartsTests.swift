import CoreModels
import Testing

@testable import Services

@Suite("Clock skew")
struct ClockSkewTests {
    /// An answer of a round trip that began at `sent`, told the exchange's time in the middle.
    private func measure(_ skew: inout ClockSkew, sent: Int64, trip: Int64, exchange: Int64) {
        _ = skew.measured(
            sentAt: sent, receivedAt: sent + trip, exchange: Timestamp(milliseconds: exchange))
    }

    @Test("half the round trip is taken off, and the smallest of the last three counts")
    func smallest() {
        var skew = ClockSkew()
        #expect(skew.milliseconds == nil && skew.complaint == nil)
        measure(&skew, sent: 10_000, trip: 200, exchange: 9_900)
        #expect(skew.milliseconds == 200)
        measure(&skew, sent: 20_000, trip: 200, exchange: 20_150)
        #expect(skew.milliseconds == -50)
        for index in 3...5 as ClosedRange<Int64> {
            measure(&skew, sent: index * 10_000, trip: 200, exchange: index * 10_000 - 3_100)
        }
        #expect(skew.milliseconds == 3_200)
    }

    @Test(
        "more than two seconds is told with the remedy",
        arguments: [
            (2_000 as Int64, nil as String?), (-2_000, nil), (2_001, "2.0 s ahead of"),
            (3_200, "3.2 s ahead of"), (-61_260, "61.3 s behind"),
        ])
    func complaint(ahead: Int64, words: String?) {
        var skew = ClockSkew()
        measure(&skew, sent: 100_000, trip: 0, exchange: 100_000 - ahead)
        #expect(
            skew.complaint
                == words.map {
                    "the clock of this machine is \($0) the exchange: synchronise it, e.g. with chrony"
                })
    }

    @Test("an answer that took too long, or came before it was asked for, says nothing")
    func useless() {
        var skew = ClockSkew()
        measure(&skew, sent: 10_000, trip: 1_001, exchange: 0)
        measure(&skew, sent: 10_000, trip: -5, exchange: 0)
        #expect(skew.milliseconds == nil)
    }
}

@Suite("Whether the exchange is in reach")
struct ReachTests {
    private let silence: Int64 = 30_000

    @Test("unknown until something came or failed")
    func start() {
        var reach = Reach()
        #expect(reach.state(99_000, silence: silence) == .unknown)
        reach.failed(code: "REFUSED", reason: "nobody listens")
        #expect(
            reach.state(99_000, silence: silence)
                == .unreachable(code: "REFUSED", reason: "nobody listens"))
        reach.succeeded(99_000)
        #expect(reach.state(99_000, silence: silence) == .reachable)
        #expect(reach.dataAge(99_400) == 400)
    }

    @Test("an interruption of less than five seconds is no outage, a longer one is")
    func grace() {
        var reach = Reach()
        reach.succeeded(1000)
        reach.failed(code: "LOST", reason: "cut")
        #expect(reach.state(5999, silence: silence) == .reachable)
        #expect(reach.state(6000, silence: silence) == .unreachable(code: "LOST", reason: "cut"))
        reach.succeeded(7000)
        #expect(reach.state(20_000, silence: silence) == .reachable)
    }

    @Test("an open connection without data is out of reach once data is stale")
    func silent() {
        var reach = Reach()
        reach.succeeded(1000)
        #expect(reach.state(31_000, silence: silence) == .reachable)
        #expect(
            reach.state(31_001, silence: silence)
                == .unreachable(code: "NO_DATA", reason: "no market data for 30 s"))
    }
}

@Suite("The fresher of two feeds")
struct FresherSourceTests {
    private func data(
        _ time: Int64, source: MarketSource = .websocket, symbol: String = "BTC_USDT"
    ) -> MarketData {
        guard let symbol = Symbol(symbol) else { preconditionFailure("no symbol") }
        return MarketData(
            symbol: symbol, timestamp: Timestamp(milliseconds: time), price: Price(1),
            volume: .zero, pctChange: .zero, source: source)
    }

    private func holds(
        _ fresher: FresherSource, _ time: Int64, marketNow: Int64, at now: Int64,
        symbol: String = "BTC_USDT"
    ) -> Bool {
        fresher.holds(
            data(time, source: .rest, symbol: symbol),
            marketNow: Timestamp(milliseconds: marketNow), now)
    }

    @Test("alone, or of a symbol the socket does not publish, everything is ours")
    func alone() {
        var fresher = FresherSource()
        #expect(!holds(fresher, 1000, marketNow: 1000, at: 0))
        fresher.heard(data(1000), 0)
        #expect(!holds(fresher, 1000, marketNow: 1000, at: 0, symbol: "ETH_USDT"))
        // Our own, and those of others, are nobody's of the socket.
        fresher.heard(data(1000, source: .rest, symbol: "ETH_USDT"), 0)
        fresher.heard(data(1000, source: .manual, symbol: "ETH_USDT"), 0)
        #expect(!holds(fresher, 1000, marketNow: 1000, at: 0, symbol: "ETH_USDT"))
    }

    @Test(
        "while the socket lives, what it published a moment ago is its own",
        arguments: [
            (100_000 as Int64, 112_000 as Int64, 3000 as Int64, true),
            (100_000, 112_001, 3000, false),
            (112_000, 112_000, 3000, true), (100_000, 112_000, 3001, false),
        ])
    func living(published: Int64, marketNow: Int64, silentFor: Int64, isHeld: Bool) {
        var fresher = FresherSource()
        fresher.heard(data(published), 50_000)
        #expect(
            holds(fresher, marketNow + 1, marketNow: marketNow, at: 50_000 + silentFor) == isHeld)
    }

    @Test("what is not fresher than what the socket published is never published again")
    func notFresher() {
        var fresher = FresherSource()
        fresher.heard(data(100_000), 0)
        #expect(holds(fresher, 100_000, marketNow: 900_000, at: 900_000))
        #expect(holds(fresher, 99_000, marketNow: 900_000, at: 900_000))
        #expect(!holds(fresher, 100_001, marketNow: 900_000, at: 900_000))
    }
}

@Suite("Symbols that money is in")
struct TradedSymbolsTests {
    private func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(text) else { preconditionFailure("no symbol") }
        return symbol
    }

    private func order(_ number: Int64, _ name: String) -> Order {
        let envelope = Envelope(sequence: number, id: "orders-\(number)")
        return Order(
            envelope: envelope, orderID: envelope.id, clientID: "cdb-\(number)",
            symbol: symbol(name), side: .buy, quantity: Quantity(1),
            timestamp: Timestamp(milliseconds: 0))
    }

    private func result(_ number: Int64, _ name: String, filled: Int) -> OrderResult {
        OrderResult(
            envelope: Envelope(sequence: number, id: "order_results-\(number)"),
            orderID: "orders-\(number)", clientID: "cdb-\(number)",
            status: filled > 0 ? .filled : .rejected, symbol: symbol(name), side: .buy,
            quantity: Quantity(1), filledQuantity: Quantity(filled),
            timestamp: Timestamp(milliseconds: 0))
    }

    @Test("an order is pending until its result; what was filled is a position at once")
    func orders() {
        var traded = TradedSymbols()
        traded.ordered(order(1, "BTC_USDT"))
        traded.ordered(order(2, "ETH_USDT"))
        #expect(traded.pending == [symbol("BTC_USDT"), symbol("ETH_USDT")])
        traded.ended(result(1, "BTC_USDT", filled: 1))
        traded.ended(result(2, "ETH_USDT", filled: 0))
        #expect(traded.pending.isEmpty)
        #expect(traded.positions == [symbol("BTC_USDT")])
    }

    @Test("the account has the last word on positions")
    func account() {
        var traded = TradedSymbols()
        traded.ended(result(1, "BTC_USDT", filled: 1))
        func position(_ name: String, _ quantity: Int) -> Account.Position {
            Account.Position(
                symbol: symbol(name), quantity: Quantity(quantity), averageEntryPrice: Price(1),
                lastPrice: Price(1), unrealized: .zero)
        }
        traded.positions(
            Account(
                envelope: Envelope(sequence: 1, id: "account-1"), equity: .zero, cash: .zero,
                exposure: .zero, inFlight: .zero, realizedToday: .zero, unrealized: .zero,
                dailyPnL: .zero, drawdownPct: .zero, dayStartEquity: .zero,
                positions: [position("ETH_USDT", -2), position("XRP_USDT", 0)],
                trading: "ACTIVE", timestamp: Timestamp(milliseconds: 0)))
        #expect(traded.positions == [symbol("ETH_USDT")])
    }

    @Test("orders without any result are forgotten in the end")
    func limit() {
        var traded = TradedSymbols()
        for number in 1...300 as ClosedRange<Int64> { traded.ordered(order(number, "BTC_USDT")) }
        #expect(traded.pending.count == 256)
    }
}

@Suite("Frames in gzip")
struct GunzipTests {
    /// `{"channel":"pong"}` as Python's gzip packs it.
    private static let packed: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x4a, 0xce, 0x48,
        0xcc, 0xcb, 0x4b, 0xcd, 0x51, 0xb2, 0x52, 0x2a, 0xc8, 0xcf, 0x4b, 0x57, 0xaa, 0x05, 0x00,
        0x28, 0xd5, 0xf6, 0x15, 0x12, 0x00, 0x00, 0x00,
    ]

    @Test("are unpacked whole, up to a limit")
    func whole() {
        let plain = Array(#"{"channel":"pong"}"#.utf8)
        #expect(Gunzip.unpack(Self.packed, limit: 1000) == plain)
        #expect(Gunzip.unpack(Self.packed, limit: plain.count) == plain)
        #expect(Gunzip.unpack(Self.packed, limit: plain.count - 1) == nil)
    }

    @Test("that are cut off or damaged anywhere are none")
    func damaged() {
        for length in Self.packed.indices {
            #expect(Gunzip.unpack(Array(Self.packed[..<length]), limit: 1000) == nil)
        }
        var damaged = Self.packed
        damaged[damaged.count - 6] ^= 1
        #expect(Gunzip.unpack(damaged, limit: 1000) == nil)
        #expect(Gunzip.unpack(Array(#"{"channel":"pong"}"#.utf8), limit: 1000) == nil)
    }
}
