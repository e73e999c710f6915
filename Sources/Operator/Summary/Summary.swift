import CoreModels

/// What a stack did since its directory was new: read from Postgres, shown at the end of `cdb up`.
struct Summary: Equatable {
    /// How many decisions refused (or trimmed) for one reason.
    struct Refusal: Equatable {
        /// Nil when no layer was asked.
        var layer: Int?
        var code: String
        var count: Int64
    }

    struct Count: Equatable {
        var name: String
        var count: Int64
    }

    var signals: Int64 = 0
    /// Decisions that name a signal.
    var decisionsOfSignals: Int64 = 0
    var decisions: Int64 = 0
    var approved: Int64 = 0
    var trimmed: Int64 = 0
    var rejected: Int64 = 0
    /// By layer, then code.
    var rejections: [Refusal] = []
    var orders: Int64 = 0
    /// By reason.
    var orderReasons: [Count] = []
    var results: Int64 = 0
    /// By status.
    var resultStatuses: [Count] = []
    var fills: Int64 = 0
    var tradesOpen: Int64 = 0
    var tradesClosed: Int64 = 0
    var tradesWon: Int64 = 0
    /// Of all trades after fees, what open ones have realised included; quote currency.
    var realized: Money = .zero
    var fees: Money = .zero
    /// Nil before the first account event.
    var equity: Money?
    /// Largest fall of equity from a peak, percent of the peak.
    var maximumDrawdownPct: Ratio = .zero
    /// How often trading went to `HALTED`.
    var halts: Int64 = 0
    /// `ACTIVE`, `PAUSED` or `HALTED` at the end; nil before the first account event.
    var trading: String?

    /// SHA-256 over the chain heads of signals, decisions, orders and results, hexadecimal: equal
    /// histories have equal ones. Nil before the first signal.
    var fingerprint: String?

    var stopLosses: Int64 { orderReasons.first { $0.name == "STOP_LOSS" }?.count ?? 0 }

    /// What must be equal when nothing is under way.
    struct Proof: Equatable {
        var text: String
        var left: Int64
        var right: Int64

        var holds: Bool { left == right }
    }

    var proofs: [Proof] {
        [
            Proof(
                text: "signals = decisions that name a signal", left: signals,
                right: decisionsOfSignals),
            Proof(text: "approved + trimmed = orders", left: approved + trimmed, right: orders),
            Proof(text: "orders = results", left: orders, right: results),
        ]
    }
}
