import CoreModels
public import WireFormats

extension SimulatedExchange {
    private static let futures = "/api/v1/contract/"

    /// Answers one request over HTTP.
    public mutating func answer(_ request: HTTPRequest) -> Answer {
        if request.path.hasPrefix("/sim/") { return Answer(control(request)) }
        guard request.method == "GET" else {
            return Answer(.problem(.methodNotAllowed, "the public side answers GET only"))
        }
        if let response = failure() { return Answer(response) }
        let delay = plan.strike(.restSlow)?.value ?? 0
        if request.path.hasPrefix(Self.futures) {
            return Answer(futures(request), delay: delay)
        }
        return Answer(SpotReplies(time: time).answer(request), delay: delay)
    }

    /// What a fault makes of any request.
    private mutating func failure() -> HTTPResponse? {
        if plan.strike(.rest510) != nil { return Envelope.tooMany }
        if plan.strike(.rest500) != nil {
            return .json(.object([.init("message", .text("internal error"))]), .internalServerError)
        }
        if let order = plan.strike(.rest429) {
            return HTTPResponse(
                .tooManyRequests, contentType: "text/plain",
                fields: [.init("Retry-After", "\(order.value)")], body: [])
        }
        return nil
    }

    private mutating func futures(_ request: HTTPRequest) -> HTTPResponse {
        let words = request.path.dropFirst(Self.futures.count).split(separator: "/").map(
            String.init)
        guard let kind = words.first else { return .problem(.notFound, "no such path") }
        let limit = ["detail", "ticker", "depth"].contains(kind) ? 10 : 20
        guard budget.admit(kind, limit: limit, at: now.wall) else { return Envelope.tooMany }
        for number in markets.indices {
            markets[number].roll(to: Timestamp(milliseconds: now.market))
        }
        switch kind {
        case "ping": return Envelope.success { $0.integer(time) }
        case "support_currencies":
            return Envelope.success { writer in
                writer.beginArray()
                for currency: StaticString in ["USDT", "USDC", "BTC"] { writer.plain(currency) }
                writer.endArray()
            }
        case "detail":
            return list(request.parameter("symbol")) {
                ContractFields(contract: $0.contract).write(&$1)
            }
        case "ticker":
            let skew = time - now.market
            return list(request.parameter("symbol")) {
                TickerFields(market: $0, skew: skew).writeReply(&$1)
            }
        case "funding_rate" where words.count == 1: return list(nil, funding)
        default: return aboutOne(request, kind, words)
        }
    }

    /// Of all contracts an array, of one an object.
    private mutating func list(
        _ name: String?, _ row: (ContractMarket, inout JSONWriter) -> Void
    ) -> HTTPResponse {
        guard let name else {
            return Envelope.success { writer in
                writer.beginArray()
                for market in markets { row(market, &writer) }
                writer.endArray()
            }
        }
        guard let number = number(named: name.uppercased()) else { return Envelope.noContract }
        return Envelope.success { row(markets[number], &$0) }
    }

    private mutating func aboutOne(
        _ request: HTTPRequest, _ kind: String, _ words: [String]
    ) -> HTTPResponse {
        let prices = ["index_price": CandleColumns.Kind.index, "fair_price": .fair]
        let candles = kind == "kline" && words.count == 3 ? prices[words[1]] : .traded
        let known = ["kline", "depth", "depth_commits", "deals", "funding_rate"]
        guard let candles, known.contains(kind) || prices[kind] != nil else {
            return .problem(.notFound, "no such path")
        }
        let name = kind == "depth_commits" && words.count > 1 ? words[1] : words.last ?? ""
        guard words.count > 1, let number = number(named: name.uppercased()) else {
            return Envelope.noContract
        }
        switch kind {
        case "kline": return self.candles(request, number, candles)
        case "depth": return depth(request, number)
        case "depth_commits": return commits(number, count: words.count > 2 ? Int(words[2]) : nil)
        case "deals": return deals(request, number)
        case "funding_rate": return Envelope.success { funding(markets[number], &$0) }
        case "index_price": return price("indexPrice", number, markets[number].index)
        default: return price("fairPrice", number, markets[number].fair)
        }
    }

    private func candles(
        _ request: HTTPRequest, _ number: Int, _ kind: CandleColumns.Kind
    ) -> HTTPResponse {
        let name = request.parameter("interval") ?? CandleInterval.minute1.rawValue
        guard let interval = CandleInterval(rawValue: name) else {
            return Envelope.failure(600, "Parameter error")
        }
        // The first minute that begins no earlier, the last one that begins no later.
        let from = request.parameter("start").flatMap { Int64($0) }.map { ($0 + 59) / 60 }
        let through = request.parameter("end").flatMap { Int64($0) }.map { $0 / 60 }
        let market = markets[number]
        let windows = market.history.windows(interval, from: from, through: through)
        return Envelope.success {
            CandleColumns(market: market, windows: windows, kind: kind).write(&$0)
        }
    }

    /// A book that is being watched is told as its watchers know it: the changes that follow go on
    /// from there.
    private mutating func depth(_ request: HTTPRequest, _ number: Int) -> HTTPResponse {
        let isWatched = streams.contains {
            $0.contract == number && $0.topic.channel == Topic.depth(isMerged: true).channel
        }
        if !isWatched { markets[number].moveBook() }
        let limit = max(1, request.parameter("limit").flatMap { Int($0) } ?? OrderBook.depth)
        let market = markets[number]
        return Envelope.success { writer in
            writer.beginObject()
            BookFields(contract: market.contract).write(
                asks: market.book.asks.prefix(limit), bids: market.book.bids.prefix(limit), &writer)
            writer.name("version")
            writer.integer(market.book.version)
            writer.name("cts")
            if market.contract.isTrading { writer.integer(time) } else { writer.null() }
            writer.name("timestamp")
            writer.integer(time)
            writer.endObject()
        }
    }

    /// Newest first.
    private func commits(_ number: Int, count: Int?) -> HTTPResponse {
        let market = markets[number]
        let fields = BookFields(contract: market.contract)
        return Envelope.success { writer in
            writer.beginArray()
            for commit in market.book.commits.suffix(max(0, min(count ?? 100, 1_000))).reversed() {
                writer.beginObject()
                fields.write(
                    asks: commit.isAsk ? [commit.level] : [],
                    bids: commit.isAsk ? [] : [commit.level], &writer)
                writer.name("version")
                writer.integer(commit.version)
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// Newest first.
    private func deals(_ request: HTTPRequest, _ number: Int) -> HTTPResponse {
        let market = markets[number]
        let wanted = request.parameter("limit").flatMap { Int($0) } ?? ContractMarket.tapeLimit
        let fields = DealFields(
            contract: market.contract, skew: time - now.market, hasEngineTime: false)
        return Envelope.success { writer in
            writer.beginArray()
            let count = max(0, min(wanted, ContractMarket.tapeLimit))
            for deal in market.tape.suffix(count).reversed() { fields.write(deal, &writer) }
            writer.endArray()
        }
    }

    private func funding(_ market: ContractMarket, _ writer: inout JSONWriter) {
        let contract = market.contract
        let limit = FixedArithmetic.powerOfTen(14) * 18
        writer.beginObject()
        writer.name("symbol")
        writer.symbol(contract.symbol)
        writer.name("fundingRate")
        writer.number(contract.fundingRate.raw)
        writer.name("maxFundingRate")
        writer.number(limit)
        writer.name("minFundingRate")
        writer.number(-limit)
        writer.name("collectCycle")
        writer.integer(FundingCycle.hours)
        writer.name("nextSettleTime")
        writer.integer(FundingCycle.next(after: time))
        writer.name("timestamp")
        writer.integer(time)
        writer.name("idxPrice")
        writer.number(contract.price(market.index))
        writer.name("fairPrice")
        writer.number(contract.price(market.fair))
        writer.endObject()
    }

    private func price(_ name: StaticString, _ number: Int, _ ticks: Int64) -> HTTPResponse {
        let contract = markets[number].contract
        return Envelope.success { writer in
            writer.beginObject()
            writer.name("symbol")
            writer.symbol(contract.symbol)
            writer.name(name)
            writer.number(contract.price(ticks))
            writer.name("timestamp")
            writer.integer(time)
            writer.endObject()
        }
    }
}
