public import CoreModels

/// cdb_core: market_data in, signals out; adopts signals made by hand.
///
/// After a signal none follows for the same symbol and side for less than the cooldown, measured in
/// exchange time, unless |pct_change| fell below the threshold in between. Owner of the streams
/// `signals` and `alerts.cdb_core`.
public struct SignalCore: Sendable {
    public let settings: SignalSettings
    let strategy: StrategyRegistry
    private let cooldown: Int64

    var numbers = StreamNumbers()
    var lastSignal: Value = .null
    var counters = SignalCounters()
    /// Of the symbol of the last market_data; other cores that see the same have the same number.
    public private(set) var lastNumber = -1
    var index = SymbolIndex()
    var symbols: [SymbolSignals] = []

    var streamsChanged = false
    var countersChanged = false
    var cooldownsChanged = TouchedNumbers()
    var seenChanged = TouchedNumbers()

    /// A strategy that is not in `StrategyRegistry` is a bug of the caller.
    public init(settings: SignalSettings = .default) {
        guard let strategy = StrategyRegistry(named: settings.strategy, settings: settings)
        else { preconditionFailure("no strategy is named \(settings.strategy)") }
        self.settings = settings
        self.strategy = strategy
        cooldown = Int64(settings.cooldownSec) * 1000
    }

    @inline(__always)
    public mutating func marketDataSeen(
        _ messages: Span<MarketData>, _ place: Int, at now: Timestamp, hint: Int,
        into events: inout [Event]
    ) {
        counters.received += 1
        countersChanged = true
        guard !messages[place].timestamp.isTooFarAhead(of: now) else {
            counters.timeAhead += 1
            return
        }
        let symbol = messages[place].symbol
        let number = index.isNumber(hint, of: symbol) ? hint : number(of: symbol)
        lastNumber = number
        symbols[number].seen = SymbolSignals.Seen(
            price: messages[place].price, pctChange: messages[place].pctChange,
            volume: messages[place].volume)
        seenChanged.mark(number)
        switch strategy.judge(messages[place]) {
        case .wait(let calm, let lowVolume):
            counters.lowVolume += lowVolume ? 1 : 0
            if calm, symbols[number].rearm() { cooldownsChanged.mark(number) }
        case .trade(let side, let confidence):
            signal(messages[place], number, side, confidence, at: now, into: &events)
        }
    }

    /// What the strategy wants leaves as a signal, unless the cooldown holds it back.
    @inline(never)
    private mutating func signal(
        _ data: borrowing MarketData, _ number: Int, _ side: Side, _ confidence: Ratio,
        at now: Timestamp, into events: inout [Event]
    ) {
        guard isArmed(number, side, at: data.timestamp) else {
            counters.coolingDown += 1
            return
        }
        symbols[number].signalled(side, at: data.timestamp)
        cooldownsChanged.mark(number)
        emit(engineSignal(data, side, confidence, at: now), into: &events)
    }

    mutating func number(of symbol: Symbol) -> Int {
        let number = index.number(of: symbol)
        if number == symbols.count { symbols.append(SymbolSignals()) }
        return number
    }

    private func isArmed(_ number: Int, _ side: Side, at time: Timestamp) -> Bool {
        guard let last = symbols[number].lastSignal(side) else { return true }
        return time.since(last) >= cooldown
    }

    private mutating func engineSignal(
        _ data: borrowing MarketData, _ side: Side, _ confidence: Ratio, at now: Timestamp
    ) -> Signal {
        Signal(
            envelope: nextEnvelope(), symbol: data.symbol, side: side, confidence: confidence,
            reason: strategy.reason(for: data), timestamp: now, price: data.price,
            pctChange: data.pctChange, volume: data.volume, strategy: settings.strategy,
            source: .engine, market: data.reference)
    }

    /// Takes over a signal made by hand: it needs only symbol, side and confidence. One that
    /// carries a sequence claims to be ours already and is none by hand.
    private mutating func adopt(_ wish: Signal, at now: Timestamp, into events: inout [Event]) {
        guard wish.envelope.sequence == 0 else { return }
        let seen = index.find(wish.symbol).flatMap { symbols[$0].seen }
        let signal = Signal(
            envelope: nextEnvelope(), symbol: wish.symbol, side: wish.side,
            confidence: wish.confidence.rounded(toDecimals: 4, .awayFromZero),
            reason: wish.reason.isEmpty ? "Manual signal" : wish.reason, timestamp: now,
            price: wish.price ?? seen?.price, pctChange: wish.pctChange ?? seen?.pctChange,
            volume: wish.volume ?? seen?.volume, strategy: "manual", size: wish.size,
            source: .manual, market: nil)
        emit(signal, into: &events)
    }

    private mutating func nextEnvelope() -> Envelope {
        var envelope = numbers.next(.signals)
        envelope.trace = envelope.id
        return envelope
    }

    private mutating func emit(_ signal: Signal, into events: inout [Event]) {
        streamsChanged = true
        lastSignal = .object([
            .init("signal_id", .text(signal.envelope.id)),
            .init("symbol", .symbol(signal.symbol)),
            .init("side", .text(signal.side.rawValue)),
            .init("confidence", .number(signal.confidence)),
            .init("source", .text(signal.source.rawValue)),
            .init("timestamp", .time(signal.timestamp)),
        ])
        events.append(.signal(signal))
    }

    private mutating func raise(
        _ draft: AlertDraft, at now: Timestamp, into events: inout [Event]
    ) {
        streamsChanged = true
        events.append(
            .alert(
                Alert(
                    envelope: numbers.next(.alertsCore), level: draft.level, code: draft.code,
                    message: draft.message, context: .object(draft.context), source: .core,
                    timestamp: now)))
    }
}

extension SignalCore: MarketDataCore {
    public mutating func handle(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        switch fact {
        case .marketData(let data): marketDataSeen(data, at: now, into: &events)
        case .signal(let signal): adopt(signal, at: now, into: &events)
        case .notice(let draft): raise(draft, at: now, into: &events)
        case .order, .orderResult, .clock, .halt, .release, .fill, .exchange, .orderBacklog,
            .endOfData:
            break
        }
    }

    public func status(at now: Timestamp) -> [Value.Member] {
        [
            .init("signals_generated", .integer(signalsGenerated)),
            .init("last_signal", lastSignal),
            .init("market_data_received", .integer(counters.received)),
            .init("symbols", .integer(Int64(symbolCount))),
            .init("low_volume", .integer(counters.lowVolume)),
            .init("cooling_down", .integer(counters.coolingDown)),
            .init("time_ahead", .integer(counters.timeAhead)),
            .init("strategy", .text(settings.strategy)),
        ]
    }

    /// Signals of the engine and by hand.
    public var signalsGenerated: Int64 { numbers.head(.signals) }
    /// Symbols of which a market_data was seen.
    public var symbolCount: Int { index.symbols.count }
    public var marketDataCounters: SignalCounters { counters }
}
