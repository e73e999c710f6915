import CoreModels

/// What cdb_core remembers of one symbol.
struct SymbolSignals: Sendable {
    /// Exchange time of the last signal per side; nil when armed.
    var boughtAt: Timestamp?
    var soldAt: Timestamp?
    /// What a signal by hand is completed with.
    var seen: Seen?

    struct Seen: Sendable {
        var price: Price
        var pctChange: Ratio
        var volume: Money
    }

    func lastSignal(_ side: Side) -> Timestamp? {
        switch side {
        case .buy: boughtAt
        case .sell: soldAt
        }
    }

    mutating func signalled(_ side: Side, at time: Timestamp) {
        switch side {
        case .buy: boughtAt = time
        case .sell: soldAt = time
        }
    }

    /// Ends the cooldowns; false when there were none.
    mutating func rearm() -> Bool {
        guard boughtAt != nil || soldAt != nil else { return false }
        boughtAt = nil
        soldAt = nil
        return true
    }
}
