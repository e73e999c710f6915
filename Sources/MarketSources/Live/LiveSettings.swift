public import CoreModels
public import DecisionCores

/// What a live market is told by the configuration.
public struct LiveSettings: Equatable, Sendable {
    /// What "now" is.
    public enum Clock: Sendable {
        /// When something was received.
        case wall
        /// The highest exchange time seen: of an exchange whose time runs at another speed.
        case market
    }

    public var screener: ScreenerSettings
    public var source: MarketSource
    public var clock: Clock

    /// Windows are held in `LiveMarket.windowSteps` steps, whatever `screener` says.
    public init(screener: ScreenerSettings, source: MarketSource, clock: Clock = .wall) {
        self.screener = screener
        self.screener.windowSteps = LiveMarket.windowSteps
        self.source = source
        self.clock = clock
    }
}
