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
    /// The number of the symbol of the last observation, counted in order of appearance.
    public private(set) var lastNumber = -1
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
    /// - Parameters:
    ///   - isNeeded: published even when it is not among the top `TOP_N`: somebody holds it.
    ///   - hint: `lastNumber` of the symbol, as far as the caller knows.
    public mutating func observe(
        _ observation: borrowing Observation, at now: Timestamp, isNeeded: Bool = false,
        hint: Int = -1
    ) -> ScreenerOutcome {
        var data = makeMessage(observation.symbol)
        switch observe(observation, at: now, isNeeded: isNeeded, hint: hint, into: &data) {
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

    /// As `observe`, into a message of `makeMessage` that may be used again and again: on this path
    /// nothing is allocated. What refers to the feed is left as it is.
    public mutating func observe(
        _ observation: borrowing Observation, at now: Timestamp, isNeeded: Bool = false,
        hint: Int = -1, into data: inout MarketData
    ) -> ScreenerVerdict {
        let number = number(of: observation.symbol, hint)
        lastNumber = number
        if let refusal = refusal(of: observation, number, at: now) { return refuse(refusal) }
        let verdict = Self.take(
            observation, length, step, into: &screened[number], filling: &data)
        // Also a price whose change is too large for a number stands in the window.
        if screened[number].window.lastTime == observation.timestamp.milliseconds {
            latest = max(latest, observation.timestamp)
        }
        if case .refused(let refusal) = verdict { return refuse(refusal) }
        guard verdict == .published, settings.topN > 0, !isNeeded,
            let mover = screened[number].mover
        else { return verdict }
        return isAmongTop(mover) ? .published : .notAmongTop
    }

    private static func take(
        _ observation: borrowing Observation, _ length: Int64, _ step: Int64,
        into screened: inout Screened, filling data: inout MarketData
    ) -> ScreenerVerdict {
        let isFirst = screened.window.lastTime == nil
        guard
            screened.window.add(
                time: observation.timestamp.milliseconds, price: observation.price,
                turnover: observation.turnover, length: length, step: step)
        else { return .refused(.overflow) }
        guard !isFirst, let oldest = screened.window.oldest else { return .firstPrice }
        guard let change = change(observation.price, from: oldest) else {
            return .refused(.overflow)
        }
        let volume = screened.window.volume
        screened.mover = Mover(
            symbol: observation.symbol, price: observation.price, pctChange: change,
            volume: volume, timestamp: observation.timestamp)
        data.symbol = observation.symbol
        data.timestamp = observation.timestamp
        data.price = observation.price
        data.bid = observation.bid
        data.ask = observation.ask
        data.volume = volume
        data.volume24h = observation.volume24h
        if case .cumulative24h(let money) = observation.turnover { data.volume24h = money }
        data.pctChange = change
        data.source = observation.source
        return .published
    }

    /// In percent with 3 decimals; nil when that is too large a number.
    private static func change(_ price: Price, from base: Price) -> Ratio? {
        price.percentChangeInThousandths(from: base)
            ?? price.percentChange(from: base, .nearest)?.roundedIfFits(toDecimals: 3, .nearest)
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

    private mutating func number(of symbol: Symbol, _ hint: Int) -> Int {
        let number = index.number(of: symbol, hint: hint)
        if number == screened.count { screened.append(Screened(isWanted: isWanted(symbol))) }
        return number
    }

    /// Whether the whitelist, or without one the quote currency, lets a symbol in.
    public func isWanted(_ symbol: Symbol) -> Bool {
        settings.whitelist.isEmpty
            ? settings.takesEveryQuote || symbol.quoteCurrency == "USDT"
            : settings.whitelist.contains(symbol)
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

    private mutating func refuse(_ refusal: ScreenerRefusal) -> ScreenerVerdict {
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
}
