/// Everything a decision core can emit: a numbered event of one of the streams it owns.
public enum Event: Equatable, Sendable {
    case signal(Signal)
    case riskDecision(RiskDecision)
    case order(Order)
    case orderResult(OrderResult)
    case account(Account)
    case alert(Alert)

    public var stream: Stream {
        switch self {
        case .signal: .signals
        case .riskDecision: .riskDecisions
        case .order: .orders
        case .orderResult: .orderResults
        case .account: .account
        case .alert(let alert): alert.source.alerts
        }
    }

    public var envelope: Envelope {
        switch self {
        case .signal(let event): event.envelope
        case .riskDecision(let event): event.envelope
        case .order(let event): event.envelope
        case .orderResult(let event): event.envelope
        case .account(let event): event.envelope
        case .alert(let event): event.envelope
        }
    }

    public var timestamp: Timestamp {
        switch self {
        case .signal(let event): event.timestamp
        case .riskDecision(let event): event.timestamp
        case .order(let event): event.timestamp
        case .orderResult(let event): event.timestamp
        case .account(let event): event.timestamp
        case .alert(let event): event.timestamp
        }
    }
}
