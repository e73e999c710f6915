public import CoreModels

/// What the screener made of one observation.
public enum ScreenerOutcome: Equatable, Sendable {
    /// To be published; its `reference` is the publisher's to fill in.
    case marketData(MarketData)
    /// The symbol's first price: there is no change to tell yet.
    case firstPrice
    /// Not among the `TOP_N` that moved most just now.
    case notAmongTop
    case refused(ScreenerRefusal)

    /// The market_data, when there is one.
    public var marketData: MarketData? {
        switch self {
        case .marketData(let data): data
        case .firstPrice, .notAmongTop, .refused: nil
        }
    }
}

/// `ScreenerOutcome` without the message.
public enum ScreenerVerdict: Equatable, Sendable {
    case published
    case firstPrice
    case notAmongTop
    case refused(ScreenerRefusal)
}

/// Why an observation did not enter the window; the raw value is the metric's `reason`.
public enum ScreenerRefusal: String, Sendable, CaseIterable {
    case notWhitelisted = "not_whitelisted"
    case priceNotPositive = "price_not_positive"
    case turnoverNegative = "turnover_negative"
    /// More than 60 s ahead of the clock.
    case timeAhead = "time_ahead"
    /// Before the symbol's last observation.
    case timeBackwards = "time_backwards"
    /// The change or the turnover does not fit a fixed-point number.
    case overflow
}
