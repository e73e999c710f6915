import CoreModels
import DecisionCores
import Exchange
import Testing

@testable import MarketSources

@Suite("LiveMarket")
struct LiveMarketTests {
    private func money(_ text: String) -> Money { LiveExchange.fixed(text) }
    private func price(_ text: String) -> Price { LiveExchange.fixed(text) }

    @Test("the second price of a symbol is published, with what rows and deals add up to")
    func turnover() throws {
        var exchange = LiveExchange()
        #expect(exchange.row(1000, "100", "5000").isEmpty)
        let second = try #require(exchange.row(3000, "101", "5200").first)
        #expect(second.price == price("101"))
        #expect(second.pctChange == Ratio(1))
        #expect(second.volume == money("200"))
        #expect(second.volume24h == money("5200"))
        #expect(second.source == .websocket)
        #expect(second.timestamp == Timestamp(milliseconds: 3000))
        // 3000 contracts of 0.0001 at 102.
        let deal = try #require(exchange.deal(3500, "102", "3000").first)
        #expect(deal.price == price("102"))
        #expect(deal.volume == money("230.6"))
        // The row's difference is 100, of which the deal has counted 30.6.
        let third = try #require(exchange.row(5000, "102", "5300").first)
        #expect(third.volume == money("300"))
    }

    @Test(
        "a row brings what the deals up to its time have not counted, never less than nothing",
        arguments: [
            // (deal's time, row's turnover, volume after the row); the row before says 5000 at 1000.
            (1500 as Int64, "5100", "100"), (1500, "5030.6", "30.6"), (1500, "5010", "30.6"),
            (1500, "4900", "30.6"),
            // After the row's time: the next row will cover it.
            (2500, "5100", "130.6"), (3000, "5000", "30.6"),
            // Up to the time of the row before: covered already.
            (1000, "5100", "100"), (900, "5100", "100"),
        ])
    func dealsAndRows(time: Int64, turnover: String, volume: String) throws {
        var exchange = LiveExchange()
        _ = exchange.row(1000, "100", "5000")
        _ = exchange.deal(time, "102", "3000")
        _ = exchange.row(2000, "103", turnover)
        // Another price, so that the standing is told.
        let last = try #require(exchange.row(4000, "110", turnover).first)
        #expect(last.volume == money(volume))
    }

    @Test("a row older than the last deal only brings turnover, at the deal's time and price")
    func olderRow() throws {
        var exchange = LiveExchange()
        _ = exchange.row(1000, "100", "5000")
        _ = exchange.deal(3000, "105", "1000")
        let data = try #require(exchange.row(2000, "101", "5500").first)
        #expect(data.price == price("105"))
        #expect(data.timestamp == Timestamp(milliseconds: 3000))
        #expect(data.volume == money("510.5"))
    }

    @Test("a row from before the last one is left out; a second one shows a clock set back")
    func clockSetBack() throws {
        var exchange = LiveExchange()
        _ = exchange.row(10_000, "100", "5000")
        _ = exchange.row(12_000, "101", "5000")
        #expect(exchange.row(4000, "90", "4000").isEmpty)
        #expect(exchange.market.rejections["older_row"] == 1)
        let data = try #require(exchange.row(6000, "91", "5100", receivedAt: 14_000).first)
        #expect(data.price == price("91"))
        // The symbol's own time still does not go back.
        #expect(data.timestamp == Timestamp(milliseconds: 12_000))
        #expect(data.volume == money("100"))
        let next = try #require(exchange.row(8000, "92", "5100", receivedAt: 16_000).first)
        #expect(next.price == price("92"))
    }

    @Test("what has not changed is published again after five seconds, and no sooner")
    func confirmation() {
        var exchange = LiveExchange()
        _ = exchange.row(1000, "100", "5000")
        #expect(exchange.row(2000, "100", "5000").count == 1)
        for time in [2000, 3000, 6999] as [Int64] {
            #expect(exchange.row(time, "100", "5000").isEmpty, "\(time)")
        }
        #expect(exchange.row(7000, "100", "5000").count == 1)
        #expect(exchange.row(8000, "100", "5000").isEmpty)
        #expect(exchange.row(8100, "100", "5001").count == 1)
    }

    @Test("the change is that of our own window, even when the exchange has one of its own")
    func ownWindow() throws {
        var exchange = LiveExchange()
        let minute: Int64 = 60_000
        _ = exchange.row(0, "100")
        for index in 1...15 { _ = exchange.row(Int64(index) * minute, "\(100 + index)") }
        let data = try #require(exchange.row(17 * minute, "120").first)
        // Against the price of 2 minutes, the oldest of the last 15.
        #expect(data.pctChange == LiveExchange.fixed("17.647"))
    }

    @Test("contracts that may not be screened, unknown ones and unreadable rows are counted")
    func leftOut() {
        var exchange = LiveExchange([
            LiveExchange.contract(), LiveExchange.contract("TSLA_USDT", isTradable: false),
        ])
        for time in [1000, 2000] as [Int64] {
            #expect(exchange.row(time, "5", symbol: "TSLA_USDT").isEmpty)
            #expect(exchange.row(time, "5", symbol: "NEW_USDT").isEmpty)
        }
        #expect(exchange.take(.tickers([], unreadable: 3), at: 3000).isEmpty)
        #expect(
            exchange.market.rejections
                == ["not_tradable": 2, "unknown_symbol": 2, "unreadable_row": 3])
        #expect(exchange.market.contracts.tradable == 1)
        #expect(exchange.market.contracts.listed == 2)
    }

    @Test("nothing is published before the list of contracts has come")
    func noList() {
        var exchange = LiveExchange([])
        #expect(exchange.row(1000, "100").isEmpty && exchange.row(2000, "101").isEmpty)
        #expect(exchange.market.rejections == ["unknown_symbol": 2])
        _ = exchange.take(.instruments([LiveExchange.contract()]), at: 2500)
        _ = exchange.row(3000, "101")
        #expect(exchange.row(4000, "102").count == 1)
    }

    @Test("a contract that halts, or is named no more, ends; one that comes back goes on")
    func halted() {
        var exchange = LiveExchange()
        _ = exchange.row(1000, "100")
        #expect(exchange.row(2000, "101").count == 1)
        _ = exchange.take(.instruments([LiveExchange.contract(isTradable: false)]), at: 2500)
        #expect(exchange.row(3000, "102").isEmpty)
        _ = exchange.take(.instruments([LiveExchange.contract("ETH_USDT")]), at: 3500)
        #expect(exchange.row(4000, "103").isEmpty)
        // An empty list is the exchange's mistake, not the end of all markets.
        _ = exchange.take(.instruments([]), at: 4500)
        #expect(exchange.market.rejections["empty_list"] == 1)
        _ = exchange.take(.instruments([LiveExchange.contract()]), at: 5000)
        #expect(exchange.row(6000, "104").count == 1)
    }

    @Test("only the whitelist is followed where there is one")
    func whitelist() {
        var exchange = LiveExchange(
            [LiveExchange.contract(), LiveExchange.contract("ETH_USDT")], whitelist: ["ETH_USDT"])
        for time in [1000, 2000] as [Int64] { #expect(exchange.row(time, "100").isEmpty) }
        #expect(exchange.market.rejections == ["not_whitelisted": 2])
        _ = exchange.row(1000, "3000", symbol: "ETH_USDT")
        #expect(exchange.row(2000, "3001", symbol: "ETH_USDT").count == 1)
        #expect(exchange.market.contracts.tradable == 1)
    }

    @Test("TOP_N leaves out the calm, unless they are held")
    func topN() {
        var exchange = LiveExchange(
            [LiveExchange.contract(), LiveExchange.contract("ETH_USDT")], topN: 1)
        _ = exchange.row(1000, "100")
        _ = exchange.row(1000, "100", symbol: "ETH_USDT")
        #expect(exchange.row(2000, "110").count == 1)
        #expect(exchange.row(2000, "101", symbol: "ETH_USDT").isEmpty)
        let eth = LiveExchange.symbol("ETH_USDT")
        _ = exchange.market.activeSet(positions: [eth], pending: [], present: [])
        #expect(exchange.row(3000, "102", symbol: "ETH_USDT").count == 1)
    }

    @Test("a time far ahead is refused and changes nothing")
    func timeAhead() {
        var exchange = LiveExchange()
        _ = exchange.row(1000, "100")
        #expect(exchange.row(90_000, "200", receivedAt: 2000).isEmpty)
        #expect(exchange.market.rejections == ["time_ahead": 1])
        #expect(exchange.row(3000, "101").first?.pctChange == Ratio(1))
    }

    @Test("numbers that do not fit are counted and left out")
    func overflow() {
        var exchange = LiveExchange([LiveExchange.contract(size: "100000000000000000000")])
        _ = exchange.row(1000, "100")
        _ = exchange.deal(2000, "100", "100000000000000000000")
        #expect(exchange.market.rejections["overflow"] == 1)
        #expect(exchange.row(3000, "101").first?.volume == .zero)
    }

    @Test("with the market's clock now is the highest exchange time, whatever the receipt")
    func marketClock() {
        var exchange = LiveExchange(clock: .market)
        _ = exchange.row(1_000_000, "100", receivedAt: 5)
        #expect(exchange.row(1_120_000, "101", receivedAt: 38).count == 1)
        #expect(exchange.market.now(Timestamp(milliseconds: 40)).milliseconds == 1_120_000)
        #expect(exchange.market.rejections.isEmpty)
    }

    @Test("equal facts give equal market_data, whatever the run")
    func determinism() {
        func run() -> [MarketData] {
            var exchange = LiveExchange([
                LiveExchange.contract(), LiveExchange.contract("ETH_USDT", size: "0.01"),
            ])
            var data: [MarketData] = []
            for index in 1...200 as ClosedRange<Int64> {
                let symbol = index % 3 == 0 ? "ETH_USDT" : "BTC_USDT"
                data += exchange.row(
                    index * 700, "\(100 + index % 7)", "\(5000 + index * 3)", symbol: symbol)
                data += exchange.deal(
                    index * 700 + 100, "\(100 + index % 5)", "200", symbol: symbol)
                data += exchange.book(
                    index * 700 + 200, version: index, "\(99 + index % 5)", "\(101 + index % 5)",
                    symbol: symbol)
                data += exchange.pass(to: index * 700 + 300)
            }
            return data
        }
        let first = run()
        #expect(first.count > 300)
        #expect(first == run())
        for symbol in ["BTC_USDT", "ETH_USDT"].map(LiveExchange.symbol) {
            let times = first.filter { $0.symbol == symbol }.map(\.timestamp)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }
}
