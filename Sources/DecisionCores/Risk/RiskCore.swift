public import CoreModels

/// The risk engine (docs/RISK.md): signals in, decisions and orders out, and protection without any
/// signal. Each layer's rule has its file in `Rules/`; what the engine does when is in the
/// extensions beside this file.
///
/// Order of the events of one input: decision, order, account; then alerts about them. An alert
/// that announces protective orders precedes them; each of those is a decision and an order.
public struct RiskCore: MarketDataCore {
    public let limits: RiskLimits
    public internal(set) var portfolio: PortfolioCore
    public internal(set) var trading = TradingState()
    public internal(set) var day: TradingDay
    public internal(set) var counters = RiskCounters()
    /// Committed orders execution has not handled yet.
    public internal(set) var backlog = 0
    /// The account of a minute is put into `sample` instead of an event: for backtests, which only
    /// look at it. Not part of the state.
    public var samplesAccounts = false
    /// The account when the latest minute began; whoever looks at it takes it away.
    public var sample: AccountSample?
    var board = MarketBoard()
    var inFlight = InFlightOrders()
    var numbers = StreamNumbers()
    var changes = RiskChanges()
    /// The latest receipt of any market_data.
    var lastReceipt: Timestamp?
    /// No deadline falls due before this; only a shortcut, recomputed at will.
    var wakeUp = Timestamp(milliseconds: .min)

    public init(limits: RiskLimits = .default) {
        self.limits = limits
        portfolio = PortfolioCore(cash: limits.initialCapital)
        day = TradingDay(startEquity: limits.initialCapital, limits: limits)
    }

    public mutating func handle(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        if case .marketData(let data) = fact {
            return marketDataSeen(data, at: now, into: &events)
        }
        advance(to: now, into: &events)
        switch fact {
        case .marketData, .order, .endOfData: break
        case .signal(let signal): decide(signal, at: now, into: &events)
        case .orderResult(let result): resultArrived(result, at: now, into: &events)
        case .clock: tick(at: now, into: &events)
        case .halt(let flatten, let reason):
            stop(flatten: flatten, reason: reason, at: now, into: &events)
        case .release(let reason, let rebase):
            release(reason: reason, rebase: rebase, at: now, into: &events)
        case .fill(let fill): fillByHand(fill, at: now, into: &events)
        case .exchange(let reachable, let code):
            exchangeReported(reachable: reachable, code: code, at: now, into: &events)
        case .orderBacklog(let count):
            if count != backlog { changes.mark(.backlog) }
            backlog = count
        case .notice(let draft):
            raise(draft, cause: nil, trace: nil, at: now, into: &events)
        }
    }

    /// A second has passed: a new day, the drawdown, exits that failed.
    private mutating func tick(at now: Timestamp, into events: inout [Event]) {
        if day.isOver(at: now) { beginDay(now.startOfDay, into: &events) }
        protect(cause: nil, trace: nil, at: now, into: &events)
        sendExits(at: now, into: &events)
    }

    /// Values positions at the last prices and starts the limits anew. The first day keeps the
    /// initial capital.
    mutating func beginDay(_ start: Timestamp, into events: inout [Event]) {
        if day.start == nil {
            day.start = start
        } else {
            day.begin(at: start, equity: equity, limits)
            portfolio.beginDay()
            trading.drawdownActed = false
            for number in board.markets.indices where !board.markets[number].watch.announced.isEmpty
            {
                board.markets[number].watch.announced = []
                changes.mark(watchOf: board.index.symbols[number])
            }
            changes.mark([.account, .trading])
        }
        changes.mark(.day)
    }

    /// After a restart outside a lock-step replay: last prices go on valuing positions, but a new
    /// order needs a quote that came since the start.
    public mutating func forgetTradableQuotes() {
        for number in board.markets.indices { board.markets[number].quote.isTradable = false }
    }

    /// Changes the trading state and remembers when its name changed.
    mutating func changeTrading(at now: Timestamp, _ change: (inout TradingState) -> Void) {
        let before = trading.name
        change(&trading)
        if trading.name != before { trading.since = max(now, trading.since ?? now) }
        changes.mark(.trading)
        wakeUp = Timestamp(milliseconds: .min)
    }
}
