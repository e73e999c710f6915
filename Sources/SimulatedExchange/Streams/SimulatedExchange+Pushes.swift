import CoreModels
import WireFormats

extension SimulatedExchange {
    /// Pushes each stream that is due, at most once.
    mutating func push() {
        let isStale = plan.active(.stale) != nil
        for place in streams.indices where streams[place].due <= now.market {
            let pace = streams[place].topic.pace
            if pace > 0 {
                streams[place].due += ((now.market - streams[place].due) / pace + 1) * pace
            }
            if isStale {
                if pace > 0 || !streams[place].deals.isEmpty { plan.count(.stale) }
                // Nobody will hear of them.
                streams[place].deals.removeAll()
                continue
            }
            push(place)
        }
    }

    private mutating func push(_ place: Int) {
        switch streams[place].topic {
        case .tickers: pushTickers(place)
        case .ticker: pushTicker(place)
        case .deals: pushDeals(place)
        case .depth(let isMerged): pushDepth(place, isMerged)
        case .depthFull(let limit): pushBook(place, limit)
        case .candles(let interval): pushCandle(place, interval)
        case .fundingRate: pushFunding(place)
        case .indexPrice: pushPrice(place, markets[streams[place].contract].index)
        case .fairPrice: pushPrice(place, markets[streams[place].contract].fair)
        case .contracts, .eventContracts: break
        }
    }

    /// To everybody who listens; after it nobody is new.
    private mutating func deliver(_ bytes: [UInt8], _ place: Int) {
        for connection in streams[place].listeners { deliver(bytes, to: connection) }
        streams[place].newcomers.removeAll()
    }

    mutating func deliver(_ bytes: [UInt8], to connection: Int) {
        guard !isStuck(connection) else { return }
        pushes += 1
        if plan.strike(.gzipFrames) != nil {
            emit(.compressed(bytes, to: connection))
        } else {
            emit(.text(bytes, to: connection))
        }
    }

    private var skew: Int64 { time - now.market }
    /// One frame in thirteen has its time as a text.
    private var timeIsText: Bool { pushes % 13 == 12 }

    private mutating func pushTickers(_ place: Int) {
        if skew != 0 { plan.count(.clockSkew) }
        let newcomers = streams[place].newcomers
        let others = streams[place].listeners.filter { !newcomers.contains($0) }
        if !newcomers.isEmpty {
            let whole = tickers(changedOnly: false)
            for connection in newcomers { deliver(whole, to: connection) }
        }
        let hasChanges = markets.contains(where: \.isChanged)
        if !others.isEmpty, hasChanges {
            let changed = tickers(changedOnly: true)
            for connection in others { deliver(changed, to: connection) }
        }
        streams[place].newcomers.removeAll()
        for number in markets.indices { markets[number].isChanged = false }
    }

    /// A frame of rows. `padding`: bytes of a field that nobody knows.
    mutating func tickers(changedOnly: Bool, padding: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(padding + 512)
        for number in markets.indices {
            markets[number].roll(to: Timestamp(milliseconds: now.market))
        }
        bytes = Frame.bytes("push.tickers", time) { writer in
            writer.beginArray()
            for market in markets where market.isChanged || !changedOnly {
                TickerFields(market: market, skew: skew).writeRow(&writer)
            }
            writer.endArray()
            guard padding > 0 else { return }
            writer.name("remark")
            writer.text(String(repeating: "x", count: padding))
        }
        return bytes
    }

    private mutating func pushTicker(_ place: Int) {
        markets[streams[place].contract].roll(to: Timestamp(milliseconds: now.market))
        let fields = TickerFields(market: markets[streams[place].contract], skew: skew)
        push(place) { fields.writePush(&$0) }
    }

    /// One frame about a stream's contract.
    private mutating func push(_ place: Int, _ data: (inout JSONWriter) -> Void) {
        let stream = streams[place]
        deliver(
            Frame.push(
                markets[stream.contract].contract.name, stream.topic.channel, time,
                timeIsText: timeIsText, data: data), place)
    }

    private mutating func pushDeals(_ place: Int) {
        let deals = streams[place].deals
        guard !deals.isEmpty else { return }
        streams[place].deals.removeAll()
        let contract = markets[streams[place].contract].contract
        let fields = DealFields(contract: contract, skew: skew, hasEngineTime: true)
        if plan.strike(.dealObject) != nil {
            for deal in deals { push(place) { fields.write(deal, &$0) } }
            return
        }
        push(place) { writer in
            writer.beginArray()
            for deal in deals.reversed() { fields.write(deal, &writer) }
            writer.endArray()
        }
    }

    /// Changes since the last push. The first push of a stream begins behind the version that the
    /// book had when somebody asked for it.
    private mutating func pushDepth(_ place: Int, _ isMerged: Bool) {
        let number = streams[place].contract
        markets[number].moveBook()
        let market = markets[number]
        let commits = market.book.commits(after: streams[place].version)
        guard let first = commits.first else { return }
        streams[place].version = market.book.version
        guard isMerged else {
            for commit in commits { pushChanges(place, [commit], begin: nil) }
            return
        }
        // The last change of a level is the one that counts.
        var seen: Set<Int64> = []
        let latest = commits.reversed().filter {
            seen.insert($0.isAsk ? $0.level.ticks : -$0.level.ticks).inserted
        }
        pushChanges(place, latest, begin: first.version)
    }

    private mutating func pushChanges(
        _ place: Int, _ commits: [OrderBook.Commit], begin: Int64?
    ) {
        let fields = BookFields(contract: markets[streams[place].contract].contract)
        let version = commits.map(\.version).max() ?? 0
        let time = time
        push(place) { writer in
            writer.beginObject()
            writer.name("cts")
            writer.integer(time)
            fields.write(
                asks: commits.filter(\.isAsk).map(\.level),
                bids: commits.filter { !$0.isAsk }.map(\.level), &writer)
            if let begin {
                writer.name("end")
                writer.integer(version)
                writer.name("begin")
                writer.integer(begin)
            }
            writer.name("version")
            writer.integer(version)
            writer.endObject()
        }
    }

    private mutating func pushBook(_ place: Int, _ limit: Int) {
        let number = streams[place].contract
        let name = markets[number].contract.name
        markets[number].moveBook()
        let book = markets[number].book
        let regression = plan.strike(.versionRegression, name)?.value ?? 0
        let isCrossed = plan.strike(.crossedBook, name) != nil
        let isOneSided = plan.strike(.oneSidedBook, name) != nil
        let fields = BookFields(contract: markets[number].contract)
        let asks = isOneSided ? [] : book.asks.prefix(limit)
        let time = time
        push(place) { writer in
            writer.beginObject()
            writer.name("cts")
            writer.integer(time)
            if isCrossed {
                fields.write(asks: book.bids.prefix(limit), bids: book.asks.prefix(limit), &writer)
            } else {
                fields.write(asks: asks, bids: book.bids.prefix(limit), &writer)
            }
            writer.name("version")
            writer.integer(book.version - regression)
            writer.endObject()
        }
    }

    private mutating func pushCandle(_ place: Int, _ interval: CandleInterval) {
        let number = streams[place].contract
        markets[number].roll(to: Timestamp(milliseconds: now.market))
        let fields = CandleFields(market: markets[number], interval: interval)
        push(place) { fields.write(&$0) }
    }

    private mutating func pushFunding(_ place: Int) {
        let contract = markets[streams[place].contract].contract
        let settlement = FundingCycle.next(after: time)
        push(place) { writer in
            writer.beginObject()
            writer.name("symbol")
            writer.symbol(contract.symbol)
            writer.name("rate")
            writer.number(contract.fundingRate.raw)
            writer.name("nextSettleTime")
            writer.integer(settlement)
            writer.endObject()
        }
    }

    private mutating func pushPrice(_ place: Int, _ ticks: Int64) {
        let contract = markets[streams[place].contract].contract
        push(place) { writer in
            writer.beginObject()
            writer.name("symbol")
            writer.symbol(contract.symbol)
            writer.name("price")
            writer.number(contract.price(ticks))
            writer.endObject()
        }
    }
}
