import CoreModels

/// What the engine remembers of a symbol beside its market.
struct SymbolWatch: Equatable, Sendable {
    /// The loss at which its position is closed, `STOP_LOSS_PCT` of what it cost; nil when there is
    /// none. Derived from the portfolio.
    var lossLimit: Money?
    /// Its stop-loss was reached and it is not flat since.
    var stopLossReached = false
    /// Its present silence was announced.
    var silenceAnnounced = false
    /// The earliest moment a failed protective exit may be sent again.
    var exitNotBefore: Timestamp?
    /// The codes whose first refusal was announced.
    var announced: Set<RefusalReason> = []

    /// Nil when there is nothing to remember.
    var value: Value? {
        var blank = SymbolWatch()
        blank.lossLimit = lossLimit
        if self == blank { return nil }
        let codes = announced.map(\.rawValue).sorted()
        return .object([
            .init("stop_loss_reached", .flag(stopLossReached)),
            .init("silence_announced", .flag(silenceAnnounced)),
            .init("exit_not_before", exitNotBefore.map { .time($0) } ?? .null),
            .init("announced", .list(codes.map { .text($0) })),
        ])
    }

    mutating func restore(_ value: Value) -> Bool {
        guard let stop = value["stop_loss_reached"].flag,
            let silence = value["silence_announced"].flag,
            let codes = value["announced"].list
        else { return false }
        stopLossReached = stop
        silenceAnnounced = silence
        exitNotBefore = value["exit_not_before"].time
        announced = Set(codes.compactMap { $0.text.flatMap(RefusalReason.init(rawValue:)) })
        return announced.count == codes.count
    }
}
