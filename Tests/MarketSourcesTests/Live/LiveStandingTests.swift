import CoreModels
import DecisionCores
import Exchange
import Testing

@testable import MarketSources

@Suite("Windows and standing of a LiveMarket")
struct LiveStandingTests {
    private let minute: Int64 = 60_000

    private func candle(_ start: Int64, _ close: String, _ turnover: String) -> Candle {
        let price: Price = LiveExchange.fixed(close)
        return Candle(
            start: Timestamp(milliseconds: start), open: price, high: price, low: price,
            close: price, turnover: LiveExchange.fixed(turnover))
    }

    /// Symbols with two prices each, the turnover of 24 h growing with their place.
    private func started(_ names: [String]) -> LiveExchange {
        var exchange = LiveExchange(names.map { LiveExchange.contract($0) })
        for (place, name) in names.enumerated() {
            let turnover = "\(1000 * (place + 1))"
            _ = exchange.row(100 * minute, "100", turnover, symbol: name)
            _ = exchange.row(100 * minute + 1000, "\(101 + place)", turnover, symbol: name)
        }
        return exchange
    }

    @Test("windows are asked for symbol by symbol, the largest turnover first, each once")
    func order() {
        var exchange = started(["A_USDT", "B_USDT", "C_USDT"])
        var asked: [String] = []
        while let question = exchange.market.nextWindow() {
            guard case .candles(let symbol, let from, let through) = question else { break }
            asked.append(symbol.description)
            #expect(through.milliseconds == 100 * minute + 1000)
            #expect(from.milliseconds == through.milliseconds - 16 * minute)
        }
        #expect(asked == ["C_USDT", "B_USDT", "A_USDT"])
        #expect(exchange.market.windowProgress == (0, 3))
    }

    @Test("funding is told of what is asked about, as far as it is known")
    func funding() {
        var exchange = started(["A_USDT", "B_USDT", "C_USDT"])
        let names = ["C_USDT", "B_USDT", "A_USDT", "NO_USDT"].map(LiveExchange.symbol)
        let rates = names.dropFirst().map {
            FundingRate(
                symbol: $0, rate: LiveExchange.fixed("-0.0001"),
                nextSettlement: Timestamp(milliseconds: 7))
        }
        #expect(exchange.take(.fundingRates(rates, unreadable: 2), at: 101 * minute).isEmpty)
        #expect(exchange.market.fundingRates(of: names) == Array(rates.prefix(2)))
        #expect(exchange.market.rejections == ["unreadable_row": 2])
    }

    @Test("candles fill the window: momentum needs no warming up")
    func filled() throws {
        var exchange = started(["A_USDT"])
        _ = exchange.market.nextWindow()
        let candles = (80..<101).map { candle(Int64($0) * minute, "\($0)", "10") }
        let symbol = LiveExchange.symbol("A_USDT")
        #expect(exchange.take(.candles(symbol, candles), at: 101 * minute).isEmpty)
        #expect(exchange.market.windowProgress == (1, 1))
        let data = try #require(
            exchange.row(100 * minute + 2000, "110", "1005", symbol: "A_USDT").first)
        // The oldest close within 15 minutes is that of the candle which began at 85.
        let base = try #require(Price("85"))
        let now = try #require(Price("110"))
        let change = now.percentChange(from: base, .nearest)?.rounded(toDecimals: 3, .nearest)
        #expect(data.pctChange == change)
        // The closes at 86 to 99 minutes with 10 each (that at 100 is no older than the first row),
        // and the 5 of the row. The close at 86 stands for the minute before it.
        #expect(data.volume == LiveExchange.fixed("145"))
    }

    @Test("candles nobody asked for change nothing")
    func unasked() {
        var exchange = started(["A_USDT"])
        let symbol = LiveExchange.symbol("A_USDT")
        _ = exchange.take(.candles(symbol, [candle(90 * minute, "50", "10")]), at: 101 * minute)
        #expect(
            exchange.row(100 * minute + 2000, "110", symbol: "A_USDT").first?.pctChange == Ratio(10)
        )
    }

    @Test("a window that could not be had is asked for three times in all")
    func failed() {
        var exchange = started(["A_USDT"])
        for _ in 1...3 {
            #expect(exchange.market.nextWindow() != nil)
            #expect(exchange.market.nextWindow() == nil)
            exchange.market.windowFailed(LiveExchange.symbol("A_USDT"))
        }
        #expect(exchange.market.nextWindow() == nil)
    }

    @Test("the active set is what is held, what is pending and what moved most, fifty at most")
    func activeSet() {
        let names = (0..<60).map { "S\($0 + 10)_USDT" }
        var exchange = started(names)
        func symbols(_ numbers: [Int]) -> [Symbol] {
            numbers.map { LiveExchange.symbol(names[$0]) }
        }
        let positions = symbols([0, 1])
        let pending = symbols([2, 0])
        let active = exchange.market.activeSet(
            positions: positions, pending: pending, present: [])
        // The later the symbol, the larger its move.
        #expect(active == symbols([0, 1, 2] + (30..<60).reversed()))
        let many = exchange.market.activeSet(
            positions: symbols(Array(0..<55)), pending: [], present: [])
        #expect(many == symbols(Array(0..<50)))
        // Unknown symbols are not asked for.
        let unknown = exchange.market.activeSet(
            positions: [LiveExchange.symbol("NEW_USDT")], pending: [], present: [])
        #expect(unknown.count == 30)
    }

    @Test("a mover stays in the active set until it is well below the border")
    func movers() {
        let names = (0..<60).map { "S\($0 + 10)_USDT" }
        var exchange = started(names)
        func symbols(_ numbers: [Int]) -> [Symbol] {
            numbers.map { LiveExchange.symbol(names[$0]) }
        }
        let next = exchange.market.activeSet(
            positions: [], pending: [], present: symbols([25, 22, 10]))
        #expect(next.prefix(2) == symbols([25, 22])[...])
        #expect(next.count == 30)
        #expect(!next.contains(symbols([10])[0]))
        #expect(!next.contains(symbols([30])[0]))
    }

    @Test("a symbol nobody heard of for too long is stale; the longest silence is told first")
    func stale() {
        var exchange = started(["A_USDT", "B_USDT", "C_USDT"])
        let start = 100 * minute + 1000
        _ = exchange.row(start + 20_000, "101", symbol: "B_USDT")
        _ = exchange.row(start + 9000, "101", symbol: "C_USDT")
        let now = Timestamp(milliseconds: start + 40_000)
        let (heard, stale) = exchange.market.silence(over: 30_000, at: now)
        #expect(heard == 3)
        #expect(stale.map(\.symbol.description) == ["A_USDT", "C_USDT"])
        #expect(stale.map(\.age) == [40_000, 31_000])
    }
}
