public import CoreModels
public import DecisionCores

/// The live cores on a recorded market, in process: screener → signal → risk → execution, in the
/// order of a lock-step replay (docs/DELIVERY.md). Equal prices and settings give equal events, and
/// the same as the services give in a replay of the same files.
public struct Backtest: Sendable {
    public private(set) var screener: ScreenerCore
    public private(set) var pipeline: Pipeline
    public private(set) var record: BacktestRecord
    /// What the last input led to, in the order it was emitted.
    public private(set) var events: [Event] = []
    /// The highest timestamp of the feed: what time it is.
    public private(set) var now = Timestamp(milliseconds: 0)
    /// Of the first market_data; nil before it.
    public private(set) var first: Timestamp?
    /// The last number given to a market_data.
    public private(set) var messages: Int64 = 0
    /// What the cores call the symbols, by what the screener calls them.
    private var numbers: [Int] = []
    /// The message in hand, used again and again. An array of one: its span shows it to the cores
    /// where it lies.
    private var message: InlineArray<1, MarketData>

    /// - Parameter feed: names the market in every event, `replay-` and 16 hex digits.
    public init(feed: String, settings: BacktestSettings = BacktestSettings()) {
        screener = ScreenerCore(settings: settings.screener)
        guard let symbol = Symbol("NONE_USDT") else { preconditionFailure("this is a symbol") }
        message = [screener.makeMessage(symbol)]
        message[0].reference = MarketReference(feed: feed, sequence: 0)
        var risk = RiskCore(limits: settings.risk)
        risk.samplesAccounts = true
        pipeline = Pipeline(
            signal: SignalCore(settings: settings.signal), risk: risk,
            execution: ExecutionCore(settings: settings.paper))
        record = BacktestRecord(initial: settings.risk.initialCapital)
    }

    /// Takes the next price of the market; `events` hold what follows from it.
    public mutating func observe(_ observation: Observation) {
        _ = observe([observation].span, from: 0)
    }

    /// Takes prices from the place `start` on until one leads to something.
    ///
    /// - Returns: the place behind the last one taken; `events` hold what follows from that.
    public mutating func observe(_ prices: Span<Observation>, from start: Int) -> Int {
        if !events.isEmpty { events.removeAll(keepingCapacity: true) }
        var place = start
        while place < prices.count, events.isEmpty {
            let time = prices[place].timestamp
            let verdict = screener.observe(prices, place, at: time, into: &message[0])
            place += 1
            guard case .published = verdict else { continue }
            let number = number(of: screener.lastNumber)
            play(at: time, hint: number)
            if number != pipeline.signal.lastNumber {
                numbers[screener.lastNumber] = pipeline.signal.lastNumber
            }
        }
        if !events.isEmpty { keepRecord() }
        return place
    }

    /// Takes the next message of a recording, with the change and the volume it was published with;
    /// the numbers go on.
    public mutating func observe(recorded: MarketData) {
        if !events.isEmpty { events.removeAll(keepingCapacity: true) }
        let reference = message[0].reference
        message[0] = recorded
        message[0].reference = reference
        play(at: recorded.timestamp, hint: -1)
        if !events.isEmpty { keepRecord() }
    }

    /// Numbers the message in hand and gives it to the cores.
    private mutating func play(at time: Timestamp, hint: Int) {
        messages += 1
        message[0].reference?.sequence = messages
        if messages == 1 { first = time }
        now = max(now, time)
        pipeline.marketDataSeen(message.span, 0, at: now, hint: hint, into: &events)
        if let sample = pipeline.takeSample() { record.take(sample) }
    }

    /// What the cores call the symbol that the screener calls this.
    private mutating func number(of place: Int) -> Int {
        while numbers.count <= place { numbers.append(-1) }
        return numbers[place]
    }

    /// The market has ended: what waits for a quote is cancelled.
    public mutating func end() {
        events.removeAll(keepingCapacity: true)
        pipeline.handle(.endOfData, at: now, into: &events)
        keepRecord()
        record.end(pipeline.risk, at: now)
    }

    private mutating func keepRecord() {
        let orders = record.orders
        record.take(events)
        // Nobody stores the state of a backtest: what has changed of it is forgotten.
        if orders / 1024 < record.orders / 1024 { _ = pipeline.takeChangedKeys() }
    }
}
