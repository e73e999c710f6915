import CoreModels

/// The strategies there are: adding one touches its own file and this one. An enum instead of any
/// `Strategy`: what is asked at every price is then asked in place.
public enum StrategyRegistry: Sendable {
    case momentumV1(MomentumV1)

    public static let names = [MomentumV1.name]

    /// The strategy of that name, nil when there is none.
    public init?(named name: String, settings: SignalSettings) {
        switch name {
        case MomentumV1.name: self = .momentumV1(MomentumV1(settings: settings))
        default: return nil
        }
    }

    @inline(__always)
    func judge(_ data: borrowing MarketData) -> StrategyVerdict {
        switch self {
        case .momentumV1(let strategy): strategy.judge(data)
        }
    }

    func reason(for data: borrowing MarketData) -> String {
        switch self {
        case .momentumV1(let strategy): strategy.reason(for: data)
        }
    }
}
