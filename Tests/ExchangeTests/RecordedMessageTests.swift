import CoreModels
import Exchange
import Testing

/// Compares what the decoder says of recorded messages with their digits, read independently.
@Suite(
    "Recorded messages of MEXC",
    .enabled(if: RecordedFolder.isThere, "../shared/fixtures/mexc is absent"))
struct RecordedMessageTests {
    private func same<Unit>(_ number: Fixed<Unit>?, _ value: RecordedText?) -> Bool {
        number.map { RecordedText.digits(of: $0.description) } == RecordedText.digits(value)
    }

    private func same(_ time: Timestamp, _ value: RecordedText?, unit: Int64 = 1) -> Bool {
        value.flatMap { Int64($0.string) }.map { $0 * unit } == time.milliseconds
    }

    private func check(_ ticker: Ticker, _ row: RecordedText) {
        #expect(ticker.symbol.description == row["symbol"]?.string)
        #expect(same(ticker.timestamp, row["timestamp"]))
        #expect(same(ticker.lastPrice, row["lastPrice"]))
        #expect(same(ticker.turnover24h, row["amount24"]))
        #expect(same(ticker.bid, row["bid1"]))
        #expect(same(ticker.ask, row["ask1"]))
    }

    private func check(_ levels: [Book.Level], _ side: RecordedText?) {
        #expect(levels.count == side?.elements.count)
        for (level, recorded) in zip(levels, side?.elements ?? []) {
            #expect(same(level.price, recorded.elements[0]))
            #expect(same(level.contracts, recorded.elements[1]))
        }
    }

    private func check(_ trades: [Trade], _ data: RecordedText) {
        // Recorded newest first.
        let deals = data["p"] == nil ? Array(data.elements.reversed()) : [data]
        #expect(trades.count == deals.count)
        for (trade, deal) in zip(trades, deals) {
            #expect(same(trade.timestamp, deal["t"]))
            #expect(same(trade.price, deal["p"]))
            #expect(same(trade.contracts, deal["v"]))
            #expect(trade.side == (deal["T"] == .word("1") ? .buy : .sell))
        }
    }

    @Test(
        "of the futures socket decode to their exact values",
        arguments: RecordedFolder.names(in: "futures_ws"))
    func frame(name: String) throws {
        let text = RecordedFolder.text(name)
        let recorded = RecordedText(text)
        let channel = try #require(recorded["channel"]?.string)
        let data = try #require(recorded["data"])
        switch try decode(text).get() {
        case .tickers(let tickers, let unreadable):
            let rows = channel == "push.ticker" ? [data] : data.elements
            #expect(unreadable == 0 && tickers.count == rows.count && !rows.isEmpty)
            for (ticker, row) in zip(tickers, rows) { check(ticker, row) }
        case .book(let book):
            #expect(channel == "push.depth.full")
            #expect(book.symbol.description == recorded["symbol"]?.string)
            #expect(same(book.timestamp, data["cts"]))
            #expect("\(book.version)" == data["version"]?.string)
            check(book.bids, data["bids"])
            check(book.asks, data["asks"])
        case .trades(let symbol, let trades, _):
            #expect(channel == "push.deal")
            #expect(symbol.description == recorded["symbol"]?.string)
            check(trades, data)
        case .candles(let symbol, let candles):
            #expect(channel == "push.kline" && candles.count == 1)
            #expect(symbol.description == recorded["symbol"]?.string)
            let candle = try #require(candles.first)
            #expect(same(candle.start, data["t"], unit: 1000))
            #expect(same(candle.open, data["o"]) && same(candle.close, data["c"]))
            #expect(same(candle.high, data["h"]) && same(candle.low, data["l"]))
            #expect(same(candle.turnover, data["a"]))
        case .pong(let time):
            #expect(channel == "pong")
            #expect(same(try #require(time), data))
        case .acknowledged(let request): #expect(channel == "rs.\(request)")
        case .complaint(let words): #expect(channel == "rs.error" && words == data.string)
        case .unknown(let name):
            let unused = ["push.depth", "push.fair.price", "push.funding.rate", "push.index.price"]
            #expect(name == channel && unused.contains(name))
        case .instruments, .serverTime: Issue.record("\(channel) is no such thing")
        }
    }

    /// What a recorded path asks for; nil for what nobody here asks.
    private func question(_ path: String) throws -> MarketQuestion? {
        let parts = path.split(separator: "/").dropFirst(3)
        switch parts.first {
        case "ping": return .serverTime
        case "detail": return .instruments
        case "ticker": return .tickers
        case "kline" where parts.count == 2:
            let symbol = try #require(Symbol(String(parts[parts.endIndex - 1])))
            return .candles(symbol, from: at(0), through: at(0))
        default: return nil
        }
    }

    private func check(_ reply: RecordedText, to question: MarketQuestion?) throws {
        guard let data = reply["data"] else {
            #expect(decode(reply.json, to: question ?? .tickers).reason == .refused)
            return
        }
        guard let question else {
            #expect(decode(reply.json, to: .serverTime).reason == .invalidField)
            return
        }
        let rows = data["symbol"] == nil ? data.elements : [data]
        switch try decode(reply.json, to: question).get() {
        case .serverTime(let time): #expect(same(time, data))
        case .instruments(let instruments):
            #expect(instruments.count == rows.count && !rows.isEmpty)
            for (instrument, row) in zip(instruments, rows) {
                #expect(instrument.symbol.description == row["symbol"]?.string)
                #expect(same(instrument.contractSize, row["contractSize"]))
                #expect(same(instrument.priceStep, row["priceUnit"]))
                #expect(instrument.isTradable == (instrument.symbol != symbol("SILVER_USDT")))
            }
        case .tickers(let tickers, let unreadable):
            #expect(tickers.count == rows.count && unreadable == 0 && !rows.isEmpty)
            for (ticker, row) in zip(tickers, rows) { check(ticker, row) }
        case .candles(_, let candles):
            func column(_ name: String) -> [RecordedText] { data[name]?.elements ?? [] }
            #expect(candles.count == column("time").count)
            for (place, candle) in candles.enumerated() {
                #expect(same(candle.start, column("time")[place], unit: 1000))
                #expect(same(candle.open, column("open")[place]))
                #expect(same(candle.high, column("high")[place]))
                #expect(same(candle.low, column("low")[place]))
                #expect(same(candle.close, column("close")[place]))
                #expect(same(candle.turnover, column("amount")[place]))
            }
        case .book, .trades, .pong, .acknowledged, .complaint, .unknown:
            Issue.record("a reply is no such thing")
        }
    }

    @Test(
        "of the futures REST decode to their exact values",
        arguments: RecordedFolder.names(in: "rest_gct_20251231").filter { $0.contains("contract") })
    func reply(name: String) throws {
        let file = RecordedText(RecordedFolder.text(name))
        let path = try #require(file["path"]?.string)
        try check(try #require(file["response"]), to: try question(path))
    }

    @Test(
        "and printed examples decode to their exact values",
        arguments: [
            ("rest_misc/contract_ping_20260923.json", "/api/v1/contract/ping"),
            ("rest_misc/contract_error_1001.json", "/api/v1/contract/ticker"),
            ("rest_misc/contract_depth_delisted.json", "/api/v1/contract/depth/AB_USDT"),
            ("official_docs/contract_ticker_BTC_USDT_20251031.json", "/api/v1/contract/ticker"),
            ("official_docs/contract_kline_Min15_20251031.json", "/api/v1/contract/kline/BTC_USDT"),
            (
                "official_docs/contract_depth_BTC_USDT_20251031.json",
                "/api/v1/contract/depth/BTC_USDT"
            ),
            (
                "official_docs/contract_deals_BTC_USDT_20251031.json",
                "/api/v1/contract/deals/BTC_USDT"
            ),
        ])
    func example(name: String, path: String) throws {
        try check(RecordedText(RecordedFolder.text(name)), to: try question(path))
    }

    @Test(
        "printed in the documentation decode to their exact values",
        arguments: ["contract_ws_deal_two_20250818.json"])
    func printedFrame(name: String) throws { try frame(name: "official_docs/\(name)") }

    @Test("are all there")
    func count() {
        #expect(RecordedFolder.names(in: "futures_ws").count >= 25)
        #expect(
            RecordedFolder.names(in: "rest_gct_20251231").count { $0.contains("contract") } >= 21)
    }
}
