public import DecisionCores

/// What the cores of a backtest are told: the same settings as the live services.
public struct BacktestSettings: Equatable, Sendable {
    public var screener: ScreenerSettings
    public var signal: SignalSettings
    public var risk: RiskLimits
    public var paper: PaperSettings

    public init(
        screener: ScreenerSettings = .default, signal: SignalSettings = .default,
        risk: RiskLimits = .default, paper: PaperSettings = .default
    ) {
        self.screener = screener
        self.signal = signal
        self.risk = risk
        self.paper = paper
    }
}
