import CoreModels

/// What the screener knows of one symbol.
struct ScreenedSymbol: Sendable {
    /// In milliseconds: what the window covers, and one step of it; see `PriceWindow`.
    struct Lengths: Sendable {
        var window: Int64
        var step: Int64
    }

    /// What was last published of it.
    struct Move: Sendable {
        var price: Price
        var pctChange: Ratio
        var volume: Money
        var timestamp: Timestamp
    }

    let isWanted: Bool
    var window = PriceWindow()
    /// Nil before two prices were seen.
    private(set) var move: Move?

    init(isWanted: Bool) { self.isWanted = isWanted }

    /// Why this does not enter the window; nil when it may.
    @inline(__always)
    func refusal(
        _ time: Timestamp, _ price: Price, _ turnover: Observation.Turnover, at now: Timestamp
    ) -> ScreenerRefusal? {
        guard isWanted else { return .notWhitelisted }
        guard price.isPositive else { return .priceNotPositive }
        switch turnover {
        case .traded(let money), .cumulative24h(let money):
            if money.isNegative { return .turnoverNegative }
        }
        if time.isTooFarAhead(of: now) { return .timeAhead }
        if time.milliseconds < window.lastTime { return .timeBackwards }
        return nil
    }

    /// Puts a price that is not refused into the window; the message gets volume and change.
    @inline(__always)
    mutating func take(
        _ time: Timestamp, _ price: Price, _ turnover: Observation.Turnover, _ lengths: Lengths,
        into data: inout MarketData
    ) -> ScreenerVerdict {
        let isFirst = window.lastTime == .min
        guard
            window.add(
                time: time.milliseconds, price: price, turnover: turnover,
                length: lengths.window, step: lengths.step)
        else { return .refused(.overflow) }
        guard !isFirst, let oldest = window.oldest else { return .firstPrice }
        guard let change = Self.change(price, from: oldest) else { return .refused(.overflow) }
        let volume = window.volume
        move = Move(price: price, pctChange: change, volume: volume, timestamp: time)
        data.volume = volume
        data.pctChange = change
        return .published
    }

    /// In percent with 3 decimals; nil when that is too large a number.
    @inline(__always)
    private static func change(_ price: Price, from base: Price) -> Ratio? {
        price.percentChangeInThousandths(from: base)
            ?? price.percentChange(from: base, .nearest)?.roundedIfFits(toDecimals: 3, .nearest)
    }
}
