public import CoreModels

/// What each feed said last of its exchange. With two feeds the exchange is out of reach when no
/// feed reaches it (docs/RISK.md, layer 2).
public struct ExchangeReach: Sendable {
    /// More feeds than this are nobody's of ours.
    private static let feedLimit = 16

    private var reachable: [String: Bool] = [:]

    public init() {}

    /// What a `health` says to the risk engine; nil when it says nothing of an exchange. Repeated
    /// news are told again: the engine knows whether they are news, and after a release an outage
    /// that still lasts has to pause it again.
    public mutating func heard(_ health: HealthEvent) -> Fact? {
        guard let isReachable = health.exchangeIsReachable,
            reachable[health.service] != nil || reachable.count < Self.feedLimit
        else { return nil }
        reachable[health.service] = isReachable
        let code = isReachable ? nil : health.detail["code"].text ?? "UNREACHABLE"
        return .exchange(reachable: reachable.values.contains(true), code: code)
    }
}
