public import CoreModels

/// Turns prices into market_data: a rolling window per symbol (see `PriceWindow`), the change over
/// it in percent with 3 decimals, and the turnover within it (docs/ARCHITECTURE.md, Screeners).
///
/// A symbol is published from its second price on, even while its window is young. Refusals are
/// counted by reason; what is refused never becomes a reference price, except one whose change is
/// too large for a number.
public struct ScreenerCore: Sendable {
    private struct Screened {
        var window = PriceWindow()
        var isWanted: Bool
        /// Nil before two prices were seen.
        var mover: Mover?
    }

    public let settings: ScreenerSettings
    /// Looked up by reason only.
    public private(set) var refusals: [ScreenerRefusal: Int] = [:]
    private var index = SymbolIndex()
    private var screened: [Screened] = []
    private var latest = Timestamp(milliseconds: .min)
    private let length: Int64
    private let step: Int64
    private let interval: String

    public init(settings: ScreenerSettings = .default) {
        precondition(settings.lookbackMinutes > 0, "the lookback must be at least one minute")
        self.settings = settings
        precondition(settings.windowSteps >= 0, "a window has no less than no steps")
        length = Int64(settings.lookbackMinutes) * 60_000
        step = settings.windowSteps == 0 ? 0 : max(1, length / Int64(settings.windowSteps))
        interval = "\(settings.lookbackMinutes)m"
    }

    /// Symbols seen so far, wanted or not.
    public var symbolCount: Int { index.symbols.count }

    /// Takes one observation at the clock's `now` (in replays the observation's own time).
    ///
    /// - Parameter isNeeded: published even when it is not among the top `TOP_N`: somebody holds it.
    public mutating func observe(
        _ observation: borrowing Observation, at now: Timestamp, isNeeded: Bool = false
    ) -> ScreenerOutcome {
        let number = number(of: observation.symbol)
        if let refusal = refusal(of: observation, number, at: now) { return refuse(refusal) }
        let previous = screened[number].window.lastTime
        guard
            screened[number].window.add(
                time: observation.timestamp.milliseconds, price: observation.price,
                turnover: observation.turnover, length: length, step: step)
        else { return refuse(.overflow) }
        latest = max(latest, observation.timestamp)
        guard previous != nil, let oldest = screened[number].window.oldest else {
            return .firstPrice
        }
        guard
            let change = observation.price.percentChange(from: oldest, .nearest)?
                .roundedIfFits(toDecimals: 3, .nearest)
        else { return refuse(.overflow) }
        let mover = Mover(
            symbol: observation.symbol, price: observation.price,
            pctChange: change, volume: screened[number].window.volume,
            timestamp: observation.timestamp)
        screened[number].mover = mover
        guard isNeeded || isAmongTop(mover) else { return .notAmongTop }
        return .marketData(marketData(of: observation, mover))
    }

    /// The `count` symbols that rose most and those that fell most, of those that have a price in
    /// the window that ends at the latest observation.
    public func top(_ count: Int) -> TopMovers {
        let movers = screened.compactMap(\.mover).filter(isCurrent).sorted { $0.isBefore($1) }
        return TopMovers(
            gainers: Array(movers.lazy.filter(\.pctChange.isPositive).prefix(max(0, count))),
            losers: Array(movers.lazy.filter(\.pctChange.isNegative).prefix(max(0, count))))
    }

    /// Fills the window of a symbol that was seen before with prices from before its oldest one, in
    /// order of time; others are left out. The change shows with the next observation.
    /// - Returns: false when the symbol has no price yet, its turnover is cumulative, or a number
    ///   does not fit: then nothing has changed.
    public mutating func backfill(_ symbol: Symbol, _ past: [PastPrice]) -> Bool {
        guard let number = index.find(symbol),
            past.allSatisfy({ $0.price.isPositive && !$0.turnover.isNegative })
        else { return false }
        return screened[number].window.backfill(past, length: length, step: step)
    }

    private mutating func number(of symbol: Symbol) -> Int {
        let number = index.number(of: symbol)
        if number == screened.count { screened.append(Screened(isWanted: isWanted(symbol))) }
        return number
    }

    /// Whether the whitelist, or without one the quote currency, lets a symbol in.
    public func isWanted(_ symbol: Symbol) -> Bool {
        settings.whitelist.isEmpty
            ? symbol.quoteCurrency == "USDT" : settings.whitelist.contains(symbol)
    }

    private func refusal(
        of observation: borrowing Observation, _ number: Int, at now: Timestamp
    ) -> ScreenerRefusal? {
        guard screened[number].isWanted else { return .notWhitelisted }
        guard observation.price.isPositive else { return .priceNotPositive }
        switch observation.turnover {
        case .traded(let money), .cumulative24h(let money):
            if money.isNegative { return .turnoverNegative }
        }
        if observation.timestamp.isTooFarAhead(of: now) { return .timeAhead }
        if let last = screened[number].window.lastTime, observation.timestamp.milliseconds < last {
            return .timeBackwards
        }
        return nil
    }

    private mutating func refuse(_ refusal: ScreenerRefusal) -> ScreenerOutcome {
        refusals[refusal, default: 0] += 1
        return .refused(refusal)
    }

    private func isCurrent(_ mover: Mover) -> Bool { latest.since(mover.timestamp) <= length }

    private func isAmongTop(_ mover: Mover) -> Bool {
        guard settings.topN > 0 else { return true }
        var ahead = 0
        for other in screened {
            guard let other = other.mover, isCurrent(other), other.isBefore(mover) else { continue }
            ahead += 1
            if ahead == settings.topN { return false }
        }
        return true
    }

    private func marketData(of observation: borrowing Observation, _ mover: Mover) -> MarketData {
        var volume24h = observation.volume24h
        if case .cumulative24h(let money) = observation.turnover { volume24h = money }
        return MarketData(
            symbol: mover.symbol, timestamp: mover.timestamp, price: mover.price,
            bid: observation.bid, ask: observation.ask, volume: mover.volume,
            volume24h: volume24h, pctChange: mover.pctChange, interval: interval,
            source: observation.source)
    }
}
