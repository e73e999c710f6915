import CoreModels
import Exchange
import Testing
import WireFormats

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

    private func check(_ book: Book, _ data: RecordedText, at time: String) {
        #expect(same(book.timestamp, data[time]))
        #expect("\(book.version)" == data["version"]?.string)
        check(book.bids, data["bids"])
        check(book.asks, data["asks"])
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
            check(book, data, at: "cts")
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
            let unused = [
                "push.depth", "push.depth.step", "push.fair.price", "push.funding.rate",
                "push.index.price",
            ]
            #expect(name == channel && unused.contains(name))
        case .instruments, .serverTime, .snapshot, .fundingRates:
            Issue.record("\(channel) is no such thing")
        }
    }

    /// What a recorded path asks for; nil for what nobody here asks. Throws for a path that is new.
    private func question(_ path: String) throws -> MarketQuestion? {
        let parts = path.split(separator: "/").map(String.init)
        let words = Array(parts.dropFirst(3))
        try #require(parts.prefix(3) == ["api", "v1", "contract"] && !words.isEmpty, "\(path)")
        switch (words[0], words.count) {
        case ("ping", 1): return .serverTime
        case ("detail", 1): return .instruments
        case ("ticker", 1): return .tickers
        case ("kline", 2):
            return .candles(try #require(Symbol(words[1])), from: at(0), through: at(0))
        case ("depth", 2): return .book(try #require(Symbol(words[1])))
        case ("funding_rate", 1), ("funding_rate", 2):
            return words.last == "history" ? nil : .fundingRates
        case ("depth_commits", 3), ("fair_price", 2), ("index_price", 2), ("kline", 3),
            ("risk_reverse", _), ("support_currencies", 1):
            return nil
        default:
            Issue.record("a path that this test does not know: \(path)")
            return nil
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
        case .snapshot(let book): check(book, data, at: "timestamp")
        case .fundingRates(let rates, let unreadable):
            #expect(rates.count == rows.count && unreadable == 0)
            for (rate, row) in zip(rates, rows) {
                #expect(rate.symbol.description == row["symbol"]?.string)
                #expect(same(rate.rate, row["fundingRate"]))
                #expect(same(rate.nextSettlement, row["nextSettleTime"]))
                #expect(rate.cycleHours.map(String.init) == row["collectCycle"]?.string)
            }
        case .book, .trades, .pong, .acknowledged, .complaint, .unknown:
            Issue.record("a reply is no such thing")
        }
    }

    /// The deals of a reply are written as those of a push: nobody asks for them, as the cumulative
    /// turnover of a ticker says the same in one reply for all contracts.
    private func checkDeals(_ reply: RecordedText) throws {
        let data = try #require(reply["data"])
        let frame = #"{"channel":"push.deal","symbol":"AB_USDT","data":\#(data.json)}"#
        guard case .trades(_, let trades, inOldForm: false) = try decode(frame).get() else {
            Issue.record("no deals")
            return
        }
        check(trades, data)
    }

    private func check(_ reply: RecordedText, of path: String) throws {
        if path.hasPrefix("/api/v1/contract/deals/") { return try checkDeals(reply) }
        try check(reply, to: try question(path))
    }

    /// What our JSON reader makes of any document, against the other reader's digits.
    private func check(_ value: Value, _ recorded: RecordedText) {
        switch (value, recorded) {
        case (.object(let members), .object(let others)):
            #expect(members.map(\.name) == others.map(\.name))
            for (member, other) in zip(members, others) { check(member.value, other.value) }
        case (.list(let elements), .array(let others)):
            #expect(elements.count == others.count)
            for (element, other) in zip(elements, others) { check(element, other) }
        case (.text(let text), .text(let other)):
            #expect(other.contains("\\") ? Self.escaped(text) == other : text == other)
        case (.integer(let integer), .word(let word)): #expect("\(integer)" == word)
        case (.decimal(let raw), .word): #expect(same(Money(raw: raw), recorded))
        case (.flag(let flag), .word(let word)): #expect("\(flag)" == word)
        case (.null, .word(let word)): #expect(word == "null")
        default: Issue.record("\(value) is not \(recorded)")
        }
    }

    /// As the recorder wrote it: ASCII only.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            if scalar.isASCII { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }.joined()
    }

    @Test(
        "of REST decode to their exact values",
        arguments: RecordedFolder.names(in: "rest_gct_20251231"))
    func reply(name: String) throws {
        let text = RecordedFolder.text(name)
        let file = RecordedText(text)
        check(try JSONDocument.parse(Array(text.utf8)), file)
        let path = try #require(file["path"]?.string)
        // The spot side belongs to another adapter.
        if path.hasPrefix("/api/v3/") { return }
        try check(try #require(file["response"]), of: path)
    }

    /// Where the replies come from that do not tell it; nil for those of other sides of MEXC.
    private static let paths: [String: String?] = [
        "rest_misc/contract_ping_20260923.json": "/api/v1/contract/ping",
        "rest_misc/contract_error_1001.json": "/api/v1/contract/ticker",
        "rest_misc/contract_depth_delisted.json": "/api/v1/contract/depth/AB_USDT",
        "rest_misc/contract_funding_row_20260915.json": "/api/v1/contract/funding_rate",
        "rest_misc/contract_order_create_reply_202605.json": nil,
        "rest_misc/spot_time_20260923.json": nil,
        "official_docs/contract_ticker_BTC_USDT_20251031.json": "/api/v1/contract/ticker",
        "official_docs/contract_kline_Min15_20251031.json": "/api/v1/contract/kline/BTC_USDT",
        "official_docs/contract_depth_BTC_USDT_20251031.json": "/api/v1/contract/depth/BTC_USDT",
        "official_docs/contract_deals_BTC_USDT_20251031.json": "/api/v1/contract/deals/BTC_USDT",
    ]

    @Test(
        "and printed examples decode to their exact values",
        arguments: RecordedFolder.names(in: "rest_misc")
            + RecordedFolder.names(in: "official_docs").filter { !$0.contains("contract_ws_") })
    func example(name: String) throws {
        let text = RecordedFolder.text(name)
        let file = RecordedText(text)
        check(try JSONDocument.parse(Array(text.utf8)), file)
        let place = try #require(Self.paths[name], "a file that this test does not know")
        guard let path = place else { return }
        // One row, as it stands in the list of all.
        let isRow = file["success"] == nil
        let reply = isRow ? #"{"success":true,"code":0,"data":[\#(text)]}"# : text
        try check(RecordedText(reply), of: path)
    }

    @Test(
        "printed in the documentation decode to their exact values",
        arguments: RecordedFolder.names(in: "official_docs").filter { $0.contains("contract_ws_") })
    func printedFrame(name: String) throws { try frame(name: name) }

    @Test("are all there, in folders that this test knows")
    func count() {
        #expect(RecordedFolder.names(in: "futures_ws").count >= 25)
        #expect(RecordedFolder.names(in: "rest_gct_20251231").count >= 41)
        #expect(RecordedFolder.names(in: "rest_misc").count >= 6)
        #expect(RecordedFolder.names(in: "official_docs").count >= 6)
        let others = ["INDEX.md", "signing_vectors.json", "spot_ws_pb", "spot_ws_text"]
        #expect(
            Set(RecordedFolder.entries(of: "")).subtracting(others)
                == ["futures_ws", "rest_gct_20251231", "rest_misc", "official_docs"])
    }
}
