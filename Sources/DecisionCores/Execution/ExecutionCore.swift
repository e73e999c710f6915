public import CoreModels

/// cdb_execution in paper mode: orders in, one terminal result per order out.
///
/// An order fills at once against the last quote of its symbol, or, with latency, against the first
/// quote at or after its decision + latency. A second order with a known `client_id` gets the stored
/// result again, word for word, under the next number of the stream, and changes nothing. Owner of
/// the streams `order_results` and `alerts.cdb_execution`.
public struct ExecutionCore: Sendable {
    public let settings: PaperSettings
    let exchange: PaperExchange
    private let staleTimeout: Int64

    var numbers = StreamNumbers()
    public internal(set) var statistics = ExecutionStatistics()
    var lastResult: Value = .null
    /// The feed has ended and no quote came since.
    var feedEnded = false
    var index = SymbolIndex()
    var quotes: [PaperQuote?] = []
    var positions: [PaperPosition] = []
    var waiting = WaitingOrders()
    var results = ResultMemory()
    /// What the last input closed; not part of the state.
    public internal(set) var closedTrades: [ClosedTrade] = []

    var streamsChanged = false
    var quotesChanged = TouchedNumbers()
    var positionsChanged = TouchedNumbers()

    public init(settings: PaperSettings = .default) {
        self.settings = settings
        exchange = PaperExchange(settings: settings)
        staleTimeout = Int64(settings.dataStaleTimeoutSec) * 1000
    }

    /// When no order waits it only replaces the quote.
    @inline(__always)
    public mutating func marketDataSeen(
        _ messages: Span<MarketData>, _ place: Int, at now: Timestamp, hint: Int,
        into events: inout [Event]
    ) {
        beginInput()
        // A quote in the very moment of a deadline still counts: what fell due before it goes first.
        if !waiting.isEmpty { expire(through: now.advanced(by: -1), into: &events) }
        guard messages[place].price.isPositive,
            !messages[place].timestamp.isTooFarAhead(of: now)
        else { return }
        let symbol = messages[place].symbol
        let number = index.isNumber(hint, of: symbol) ? hint : number(of: symbol)
        quotes[number] = PaperQuote(
            price: messages[place].price, bid: messages[place].bid, ask: messages[place].ask,
            volume: messages[place].volume, receivedAt: now)
        quotesChanged.mark(number)
        if feedEnded {
            feedEnded = false
            streamsChanged = true
        }
        if !waiting.isEmpty { executeWaiting(symbol, number, at: now, into: &events) }
    }

    /// Fills what waited for this quote; what has waited long enough is rejected.
    @inline(never)
    private mutating func executeWaiting(
        _ symbol: Symbol, _ number: Int, at now: Timestamp, into events: inout [Event]
    ) {
        while let entry = waiting.takeFirst(where: { $0.due <= now && $0.order.symbol == symbol }) {
            execute(entry.order, number, at: now, into: &events)
        }
        expire(through: now, into: &events)
    }

    /// Takes one order, or answers it again when its `client_id` is known.
    private mutating func receive(_ order: Order, at now: Timestamp, into events: inout [Event]) {
        if let known = results.entry(order.clientID) {
            return answerAgain(known.result, order, into: &events)
        }
        guard waiting.entry(order.clientID) == nil else {
            statistics.duplicates += 1
            streamsChanged = true
            return
        }
        let number = number(of: order.symbol)
        statistics.ordersReceived += 1
        streamsChanged = true
        positions[number].ordersReceived += 1
        positionsChanged.mark(number)
        guard Self.isClientID(order.clientID), order.quantity.isPositive else {
            return refuse(order, .invalidOrder, Self.whyInvalid(order), at: now, into: &events)
        }
        guard !PaperLottery.rejects(order.clientID, rate: settings.rejectRate) else {
            return refuse(order, .paperReject, at: now, into: &events)
        }
        if settings.latencyMs > 0 {
            wait(order, number, at: now, into: &events)
        } else {
            execute(order, number, at: now, into: &events)
        }
    }

    /// Keeps the order for the first quote at or after its due time, unless that came already.
    private mutating func wait(
        _ order: Order, _ number: Int, at now: Timestamp, into events: inout [Event]
    ) {
        let due = order.timestamp.advanced(by: settings.latencyMs)
        if let quote = freshQuote(number, at: now), quote.receivedAt >= due {
            return execute(order, number, at: now, into: &events)
        }
        guard !feedEnded else { return refuse(order, .endOfData, at: now, into: &events) }
        waiting.add(
            .init(
                order: order, due: due, deadline: due.advanced(by: staleTimeout),
                arrival: statistics.ordersReceived))
        // It may have been under way for longer than it would have waited.
        expire(through: now.advanced(by: -1), into: &events)
    }

    mutating func answerAgain(
        _ known: OrderResult, _ order: Order, into events: inout [Event]
    ) {
        var again = known
        again.envelope = numbers.next(
            .orderResults, cause: order.causeID, trace: order.envelope.trace)
        statistics.duplicates += 1
        streamsChanged = true
        events.append(.orderResult(again))
    }

    /// Fills the order against the last quote, or says why not.
    private mutating func execute(
        _ order: Order, _ number: Int, at now: Timestamp, into events: inout [Event]
    ) {
        do throws(ExecutionRefusal) {
            let fill = try fill(order, number, at: now)
            settle(order, .filled(fill), at: now, into: &events)
        } catch {
            refuse(order, error, at: now, into: &events)
        }
    }

    private mutating func fill(
        _ order: Order, _ number: Int, at now: Timestamp
    ) throws(ExecutionRefusal) -> PaperFill {
        var quantity = order.quantity
        if order.reduceOnly {
            quantity = min(quantity, positions[number].reducible(order.side))
            guard quantity.isPositive else { throw .noPosition }
        }
        guard let quote = freshQuote(number, at: now) else { throw .noQuote }
        let fill = try exchange.fill(order.side, quantity, against: quote)
        guard
            positions[number].hasRoom(
                order.side, fill.quantity, price: fill.price, fee: fill.fee)
        else { throw .overflow }
        book(number, order.side, fill.quantity, price: fill.price, fee: fill.fee, at: now)
        return fill
    }

    private mutating func book(
        _ number: Int, _ side: Side, _ quantity: Quantity, price: Price, fee: Money,
        at now: Timestamp
    ) {
        positionsChanged.mark(number)
        switch side {
        case .buy: positions[number].buys += 1
        case .sell: positions[number].sells += 1
        }
        let closing = positions[number].book(side, quantity, price: price, fee: fee, at: now)
        guard let closing else { return }
        let trade = ClosedTrade(
            symbol: index.symbols[number], side: side, pnl: closing.pnl,
            durationMilliseconds: now.since(closing.openedAt))
        statistics.count(trade)
        streamsChanged = true
        closedTrades.append(trade)
    }

    /// The symbol's quote when it is not older than the stale timeout.
    private func freshQuote(_ number: Int, at now: Timestamp) -> PaperQuote? {
        guard let quote = quotes[number], now.since(quote.receivedAt) <= staleTimeout else {
            return nil
        }
        return quote
    }

    /// Rejects what waited in vain until a deadline at or before `now`.
    private mutating func expire(through now: Timestamp, into events: inout [Event]) {
        while let entry = waiting.takeFirst(where: { $0.deadline <= now }) {
            refuse(entry.order, .noQuote, at: entry.deadline, into: &events)
        }
    }

    private mutating func endFeed(at now: Timestamp, into events: inout [Event]) {
        expire(through: now, into: &events)
        feedEnded = true
        streamsChanged = true
        while let entry = waiting.takeFirst(where: { _ in true }) {
            refuse(entry.order, .endOfData, at: now, into: &events)
        }
    }

    /// A fill by hand changes the position and is no trade of ours.
    private mutating func bookHandFill(_ fill: HandFill, at now: Timestamp) {
        let number = number(of: fill.symbol)
        guard fill.quantity.isPositive,
            positions[number].hasRoom(
                fill.side, fill.quantity, price: fill.price, fee: fill.fee)
        else { return }
        positionsChanged.mark(number)
        _ = positions[number].book(
            fill.side, fill.quantity, price: fill.price, fee: fill.fee, at: now)
    }

    private mutating func beginInput() {
        if !closedTrades.isEmpty { closedTrades.removeAll(keepingCapacity: true) }
    }

    mutating func number(of symbol: Symbol) -> Int {
        let number = index.number(of: symbol)
        if number == quotes.count {
            quotes.append(nil)
            positions.append(PaperPosition())
        }
        return number
    }
}

extension ExecutionCore: MarketDataCore {
    public mutating func handle(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        if case .marketData(let data) = fact {
            return marketDataSeen(data, at: now, into: &events)
        }
        beginInput()
        if !waiting.isEmpty { expire(through: now, into: &events) }
        switch fact {
        case .order(let order): receive(order, at: now, into: &events)
        case .endOfData: endFeed(at: now, into: &events)
        case .fill(let fill): bookHandFill(fill, at: now)
        case .notice(let draft): raise(draft, at: now, into: &events)
        case .marketData, .signal, .orderResult, .clock, .halt, .release, .exchange,
            .orderBacklog:
            break
        }
    }
}
