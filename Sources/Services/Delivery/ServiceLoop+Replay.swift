import CoreModels
import Ledger
import ServiceKit

// Lock-step: the same turn, in the order `LockStep` allows.
extension ServiceLoop {
    /// Events that nobody waits for are held this long in a replay, so that commits stay few.
    static var lazyCommitDelay: Int64 { 20 }

    func advanceReplay(_ monotonic: Int64, last: Bool) throws {
        if let session {
            let demanded = lockStep?.shouldFetch(session.standing) ?? false
            _ = try fetchIfDue(monotonic, demanded: demanded)
        }
        var steps = 0
        while steps < Self.marketBatch, advanceOneStep() { steps += 1 }
        if !events.isEmpty || rowsHandled, oldestUncommitted == nil {
            oldestUncommitted = monotonic
        }
        // What may not be stored when the service ends is handled again after its next start.
        if !holdsBack, replayCommitIsDue(monotonic) || last { try commit(monotonic) }
        // What was committed may have opened the gate for what waits here.
        moreWaits = moreWaits || steps > 0
    }

    /// Handles one row or one message; false when it is not our turn.
    private func advanceOneStep() -> Bool {
        guard !holdsBack, var standing = session?.standing else { return false }
        standing.hasInFlight = work.hasInFlight
        standing.hasUncommitted = hasUncommittedOrders
        for stream in Work.consumed {
            guard let next = session?.first(stream) else { continue }
            let due = lockStep?.mayHandle(
                stream, sequence: next.row.sequence, market: next.market, standing)
            if due ?? true, handle(next) { return true }
        }
        switch lockStep?.takeMarket(standing) {
        case .marketData(let data): handle(data)
        case .end: handle(.endOfData)
        case nil: return false
        }
        return true
    }

    private var hasUncommittedOrders: Bool {
        events.contains { if case .order = $0 { true } else { false } }
    }

    /// There are decisions that may not be stored yet: nothing else is handled until they may.
    var holdsBack: Bool {
        guard let lockStep, !lockStep.mayCommitDecisions else { return false }
        return events.contains { $0.stream.isAwaited }
    }

    private func replayCommitIsDue(_ monotonic: Int64) -> Bool {
        if events.contains(where: { $0.stream.isAwaited }) { return true }
        if let lockStep {
            if lockStep.isCommitDemanded || (rowsHandled && lockStep.commitsRowsAtOnce) {
                return true
            }
        }
        if let oldest = oldestUncommitted, monotonic - oldest >= Self.lazyCommitDelay {
            return true
        }
        return changedSinceCommit && monotonic - lastCommit >= Self.quietCommitInterval
    }
}
