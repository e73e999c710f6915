public import CoreModels

/// A channel of the bus. Messages on it are of one `type` each.
public enum Channel: String, Sendable, CaseIterable {
    case marketData = "market_data"
    case signals
    case riskDecisions = "risk_decisions"
    case orders
    case orderResults = "order_results"
    case account
    case alerts
    case health
    case mlSignals = "ml_signals"
    /// Bells of consumers to a replayer; holds nothing that matters.
    case progress = "cdb:progress"

    /// The channel on which a stream's events are published.
    public init(_ stream: Stream) {
        switch stream {
        case .signals: self = .signals
        case .riskDecisions: self = .riskDecisions
        case .orders: self = .orders
        case .orderResults: self = .orderResults
        case .account: self = .account
        case .alertsCore, .alertsRisk, .alertsExecution, .alertsWriter: self = .alerts
        }
    }
}
