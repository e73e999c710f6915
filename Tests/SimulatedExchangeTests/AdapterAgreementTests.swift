import CoreModels
import Exchange
import MarketSources
import Testing
import WireFormats

@testable import SimulatedExchange

/// Our adapter and the simulator were written from the same measurements, each without the other:
/// what one asks the other answers, and what the other says the one understands.
@Suite("The simulated exchange and our adapter")
struct AdapterAgreementTests {
    private static let adapter = MEXCContract()

    private static func fact(of frame: [UInt8]) throws -> ExchangeFact {
        try adapter.decode(frame: frame.span.bytes)
    }

    @Test("every push of a session is understood, down to the last row")
    func frames() throws {
        var desk = try Desk(contracts: 200)
        desk.connect()
        for symbol in ["BTC_USDT", "DRIFT_USDT", "EMBER_USDT", "DUSTY_USDT"] {
            let symbol = try #require(Symbol(symbol))
            for request in [FeedRequest.subscribeBook(symbol), .subscribeTrades(symbol)] {
                desk.send(String(decoding: Self.adapter.encode(request), as: UTF8.self))
            }
            desk.subscribe("ticker", #""symbol":"\#(symbol)""#)
            desk.subscribe("kline", #""symbol":"\#(symbol)","interval":"Min1""#)
        }
        for request in [FeedRequest.subscribeTickers, .ping] {
            desk.send(String(decoding: Self.adapter.encode(request), as: UTF8.self))
        }
        try desk.run(30_000)
        var kinds: [String: Int] = [:]
        for text in desk.texts() {
            switch try Self.fact(of: text) {
            case .tickers(let rows, let unreadable):
                #expect(unreadable == 0 && !rows.isEmpty)
                kinds["tickers", default: 0] += 1
            case .book(let book):
                #expect(book.bids.count == 5 && book.asks.count == 5)
                #expect(book.bids[0].price < book.asks[0].price)
                kinds["book", default: 0] += 1
            case .trades(_, let trades, let inOldForm):
                #expect(!inOldForm)
                #expect(trades.map(\.timestamp) == trades.map(\.timestamp).sorted())
                kinds["trades", default: 0] += 1
            case .candles: kinds["candles", default: 0] += 1
            case .pong(let time): #expect(time?.milliseconds == Desk.start)
            case .acknowledged: kinds["acknowledged", default: 0] += 1
            case .instruments, .serverTime, .snapshot, .fundingRates, .complaint, .unknown:
                Issue.record("\(String(decoding: text.prefix(200), as: UTF8.self))")
            }
        }
        #expect(kinds["acknowledged"] == 17)
        for kind in ["tickers", "book", "trades", "candles"] { #expect((kinds[kind] ?? 0) > 14) }
    }

    @Test("every question has an answer that is understood")
    func replies() throws {
        var desk = try Desk(contracts: 200)
        try desk.run(5_000)
        let start = Timestamp(milliseconds: Desk.start)
        let bitcoin = try #require(Symbol("BTC_USDT"))
        func answer(_ question: MarketQuestion) throws -> ExchangeFact {
            let parts = Self.adapter.path(of: question).split(separator: "?").map(String.init)
            let answer = desk.exchange.answer(
                HTTPRequest(
                    method: "GET", path: parts[0], query: parts.count > 1 ? parts[1] : ""))
            return try Self.adapter.decode(
                reply: answer.response.body.span.bytes, to: question)
        }
        #expect(try answer(.serverTime) == .serverTime(start.advanced(by: 5_000)))
        guard case .instruments(let instruments) = try answer(.instruments),
            case .tickers(let rows, let unreadable) = try answer(.tickers),
            case .candles(bitcoin, let candles) = try answer(
                .candles(bitcoin, from: start.advanced(by: -900_000), through: start)),
            case .snapshot(let book) = try answer(.book(bitcoin)),
            case .fundingRates(let rates, unreadable: 0) = try answer(.fundingRates)
        else {
            Issue.record("a question has the answer to another one")
            return
        }
        #expect(rows.count == instruments.count && unreadable == 0)
        let traded = Set(
            SeededPrices(seed: 1, origin: start, contracts: 200).listings.map(\.symbol))
        for instrument in instruments {
            #expect(instrument.isTradable == traded.contains(instrument.symbol))
        }
        for row in rows where traded.contains(row.symbol) {
            let bid = try #require(row.bid)
            let ask = try #require(row.ask)
            #expect(bid < ask)
        }
        #expect(book.symbol == bitcoin && book.bids.count == 5 && book.asks.count == 5)
        #expect(book.bids[0].price < book.asks[0].price)
        #expect(book.timestamp == start.advanced(by: 5_000))
        #expect(rates.map(\.symbol) == rows.map(\.symbol))
        #expect(rates.allSatisfy { $0.nextSettlement > start && $0.cycleHours == 8 })
        #expect(candles.count == 15)
        #expect(candles.allSatisfy { $0.low <= $0.close && $0.close <= $0.high })
    }

    @Test("complaints have the words that our adapter knows")
    func complaints() throws {
        var desk = try Desk()
        desk.connect()
        desk.subscribe("deal", #""symbol":"NOPE_USDT""#)
        try desk.run(60_000, step: 1_000)
        let complaints = try desk.texts().map { text -> ExchangeComplaint in
            guard case .complaint(let words) = try Self.fact(of: text) else { return .other }
            return Self.adapter.meaning(of: words)
        }
        let nope = try #require(Symbol("NOPE_USDT"))
        #expect(complaints == [.unknownSymbol(nope), .idle])
    }
}
