public import CoreModels

/// Decides from one market_data alone. Cooldown, numbering and counting are `SignalCore`'s.
public protocol Strategy: Sendable {
    /// Stands in every signal: `momentum_v1`.
    static var name: String { get }

    init(settings: SignalSettings)

    /// What this market_data says. Called for each one: must not allocate.
    func judge(_ data: borrowing MarketData) -> StrategyVerdict

    /// Why, in words a person reads; called only for a signal that leaves.
    func reason(for data: borrowing MarketData) -> String
}

/// What a strategy makes of one market_data.
public enum StrategyVerdict: Equatable, Sendable {
    /// Nothing to do.
    ///
    /// - Parameters:
    ///   - calm: nothing moves: ends every cooldown of the symbol.
    ///   - lowVolume: there was too little turnover to act on.
    case wait(calm: Bool, lowVolume: Bool)
    /// Confidence above 0, at most 1, 4 decimals.
    case trade(Side, confidence: Ratio)
}
