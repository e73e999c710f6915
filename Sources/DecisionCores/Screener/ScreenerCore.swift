public import CoreModels

/// Turns prices into market_data: a rolling window per symbol (see `PriceWindow`), the change over
/// it in percent with 3 decimals, and the turnover within it (docs/ARCHITECTURE.md, Screeners).
///
/// A symbol is published from its second price on, even while its window is young. Refusals are
/// counted by reason; what is refused never becomes a reference price, except one whose change is
/// too large for a number.
public struct ScreenerCore: Sendable {
    public let settings: ScreenerSettings
    /// The number of the symbol of the last observation, counted in order of appearance.
    public private(set) var lastNumber = -1
    /// Looked up by reason only.
    public private(set) var refusals: [ScreenerRefusal: Int] = [:]
    private var index = SymbolIndex()
    private var screened: [ScreenedSymbol] = []
    private var latest = Timestamp(milliseconds: .min)
    private let lengths: ScreenedSymbol.Lengths
    private let interval: String

    public init(settings: ScreenerSettings = .default) {
        precondition(settings.lookbackMinutes > 0, "the lookback must be at least one minute")
        self.settings = settings
        precondition(settings.windowSteps >= 0, "a window has no less than no steps")
        let length = Int64(settings.lookbackMinutes) * 60_000
        lengths = .init(
            window: length,
            step: settings.windowSteps == 0 ? 0 : max(1, length / Int64(settings.windowSteps)))
        interval = "\(settings.lookbackMinutes)m"
    }

    /// Symbols seen so far, wanted or not.
    public var symbolCount: Int { index.symbols.count }

    /// Takes one observation at the clock's `now` (in replays the observation's own time).
    ///
    /// - Parameters:
    ///   - isNeeded: published even when it is not among the top `TOP_N`: somebody holds it.
    ///   - hint: `lastNumber` of the symbol, as far as the caller knows.
    public mutating func observe(
        _ observation: Observation, at now: Timestamp, isNeeded: Bool = false, hint: Int = -1
    ) -> ScreenerOutcome {
        var data = makeMessage(observation.symbol)
        let observations: CollectionOfOne = .init(observation)
        let verdict = observe(
            observations.span, 0, at: now, isNeeded: isNeeded, hint: hint, into: &data)
        switch verdict {
        case .published: return .marketData(data)
        case .firstPrice: return .firstPrice
        case .notAmongTop: return .notAmongTop
        case .refused(let refusal): return .refused(refusal)
        }
    }

    /// A message to be filled by `observe(_:at:isNeeded:into:)`.
    public func makeMessage(_ symbol: Symbol) -> MarketData {
        MarketData(
            symbol: symbol, timestamp: latest, price: .zero, volume: .zero, pctChange: .zero,
            interval: interval)
    }

    /// Takes one of many observations, where it lies, into a message of `makeMessage` that may be
    /// used again and again: on this path nothing is allocated and nothing copied that is not
    /// needed. What refers to the feed is left as it is; the rest is whole only when published.
    public mutating func observe(
        _ observations: Span<Observation>, _ place: Int, at now: Timestamp, isNeeded: Bool = false,
        hint: Int = -1, into data: inout MarketData
    ) -> ScreenerVerdict {
        let number = number(of: observations[place].symbol, hint)
        lastNumber = number
        let time = observations[place].timestamp
        let price = observations[place].price
        let turnover = observations[place].turnover
        if let refusal = screened[number].refusal(time, price, turnover, at: now) {
            return refuse(refusal)
        }
        // What the window does not tell goes first: fresh stores are slow to be read in one piece.
        data.symbol = observations[place].symbol
        data.timestamp = time
        data.price = price
        data.bid = observations[place].bid
        data.ask = observations[place].ask
        data.volume24h = observations[place].volume24h
        if case .cumulative24h(let money) = turnover { data.volume24h = money }
        data.source = observations[place].source
        let verdict = screened[number].take(time, price, turnover, lengths, into: &data)
        // Also a price whose change is too large for a number stands in the window.
        if screened[number].window.lastTime == time.milliseconds { latest = max(latest, time) }
        if case .refused(let refusal) = verdict { return refuse(refusal) }
        guard case .published = verdict else { return verdict }
        guard settings.topN > 0, !isNeeded else { return verdict }
        return isAmongTop(number) ? .published : .notAmongTop
    }

    /// The `count` symbols that rose most and those that fell most, of those that have a price in
    /// the window that ends at the latest observation.
    public func top(_ count: Int) -> TopMovers {
        let movers = screened.indices.compactMap(mover).filter(isCurrent)
            .sorted { $0.isBefore($1) }
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
        return screened[number].window.backfill(
            past, length: lengths.window, step: lengths.step)
    }

    @inline(__always)
    private mutating func number(of symbol: Symbol, _ hint: Int) -> Int {
        let number = index.number(of: symbol, hint: hint)
        if number == screened.count { screened.append(ScreenedSymbol(isWanted: isWanted(symbol))) }
        return number
    }

    /// Whether the whitelist, or without one the quote currency, lets a symbol in.
    public func isWanted(_ symbol: Symbol) -> Bool {
        settings.whitelist.isEmpty
            ? settings.takesEveryQuote || symbol.quoteCurrency == "USDT"
            : settings.whitelist.contains(symbol)
    }

    private mutating func refuse(_ refusal: ScreenerRefusal) -> ScreenerVerdict {
        refusals[refusal, default: 0] += 1
        return .refused(refusal)
    }

    private func mover(_ number: Int) -> Mover? {
        screened[number].move.map {
            Mover(
                symbol: index.symbols[number], price: $0.price, pctChange: $0.pctChange,
                volume: $0.volume, timestamp: $0.timestamp)
        }
    }

    private func isCurrent(_ mover: Mover) -> Bool {
        latest.since(mover.timestamp) <= lengths.window
    }

    private func isAmongTop(_ number: Int) -> Bool {
        guard let mine = mover(number) else { return true }
        var ahead = 0
        for other in screened.indices {
            guard let other = mover(other), isCurrent(other), other.isBefore(mine) else { continue }
            ahead += 1
            if ahead == settings.topN { return false }
        }
        return true
    }
}
