import CoreModels

/// One trade on the tape.
struct Deal: Equatable, Sendable {
    var id: Int64
    var time: Timestamp
    var ticks: Int64
    var contracts: Int64
    /// The taker's side.
    var isBuy: Bool
    /// 1 opens a position, 2 closes one, 3 neither.
    var effect: Int64
    /// Of one account with itself.
    var isSelf: Bool
}
