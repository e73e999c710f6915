import CoreModels
import EventSchema
import Ledger
import RedisBus
import ServiceKit

// The mail: rows above our offsets in, our rows out, in one transaction.
extension ServiceLoop {
    /// Live: everything that is there is handled, in order.
    func handleLedger(_ monotonic: Int64) throws {
        guard try fetchIfDue(monotonic, demanded: false) || mailCame else { return }
        mailCame = false
        try tellOrderBacklog()
        waitForMarket(monotonic)
        for stream in Work.consumed {
            while let inbound = session?.first(stream), handle(inbound) {}
        }
    }

    /// Looks for mail when a bell rang, when somebody demands it, and once a second. Who gets no
    /// mail asks all the same: that is how a quiet service learns that its session is over.
    func fetchIfDue(_ monotonic: Int64, demanded: Bool) throws -> Bool {
        guard demanded || monotonic >= nextFetch else { return false }
        lastFetch = monotonic
        let moreWaits = try session?.fetch(Work.consumed, limit: Self.ledgerBatch) ?? false
        // The bells up to now are answered; what is left rings anew.
        bellAt = moreWaits ? monotonic : nil
        return true
    }

    /// When the ledger is asked next: a moment after a bell, once a second in any case.
    var nextFetch: Int64 {
        min(bellAt.map { $0 + gatherInterval } ?? .max, lastFetch + Self.ledgerInterval)
    }

    /// Who gathers also rests, in a burst, longer than it worked: bells say that others are at work,
    /// and they come first. What is left is caught up with when the bells are silent.
    private var gatherInterval: Int64 {
        let isBurst = lastFetch - lastBell < Self.burstPause
        return Work.gatherInterval > 0 && isBurst
            ? max(Work.gatherInterval, 3 * lastWork) : Work.gatherInterval
    }

    private static var burstPause: Int64 { 100 }

    /// Once a second: how much mail lies unhandled.
    func measureLag(_ monotonic: Int64) throws {
        guard let session, !Work.consumed.isEmpty, monotonic - lastLag >= 1000 else { return }
        lastLag = monotonic
        for (stream, head) in try session.store.heads(of: Work.consumed) {
            let lag = max(0, head - session.standing.offsets[stream, default: 0])
            lags[stream] = lag
            metrics.lag(stream, lag)
        }
    }

    /// How far behind execution is, at the border of a batch (DELIVERY, backpressure).
    private func tellOrderBacklog() throws {
        guard work.needsOrderBacklog, let session else { return }
        handle(.orderBacklog(try session.store.ordersBacklog()))
    }

    /// An event is not handled before the market data that led to it, if that is still on its way:
    /// the socket is drained first, once per batch and for 50 ms at most.
    private func waitForMarket(_ monotonic: Int64) {
        guard Work.takesMarketData, subscriber.isSubscribed, let session else { return }
        let missing = Work.consumed.flatMap(session.market(of:)).filter { reference in
            feeds.sequence(of: reference.feed).map { $0 < reference.sequence } ?? false
        }
        guard !missing.isEmpty else { return }
        let deadline = SystemClock.monotonicMilliseconds + 50
        while true {
            receive(monotonic)
            let arrived = missing.allSatisfy { (feeds.sequence(of: $0.feed) ?? 0) >= $0.sequence }
            let left = deadline - SystemClock.monotonicMilliseconds
            if arrived || left <= 0 || !subscriber.isSubscribed { return }
            _ = Poller.wait(for: subscriber.fileDescriptor, .readable, milliseconds: left)
        }
    }

    /// Handles the first row of a stream; false leaves it there.
    func handle(_ inbound: Session.Inbound) -> Bool {
        guard work.blockage == nil, let stream = Stream(rawValue: inbound.row.stream) else {
            return false
        }
        let started = SystemClock.monotonicNanoseconds
        switch inbound.event {
        case .success(let event):
            let isHandled = work.event(
                event, isComplete: session?.isComplete ?? false, at: now, into: &events)
            guard isHandled else { return false }
        case .failure(let error):
            park(inbound.row, error)
            // Where nothing can go on, a restart must come to the same point.
            guard work.blockage == nil else { return false }
        }
        session?.pop(stream)
        rowsHandled = true
        metrics.handled(stream, nanoseconds: SystemClock.monotonicNanoseconds - started)
        return true
    }

    private func park(_ row: LedgerRow, _ error: EventError) {
        metrics.deadLetters.with(row.stream).increment()
        logger.error(
            "dead_letter", "\(row.stream)-\(row.sequence) cannot be read: \(error)",
            [.init("stream", .text(row.stream)), .init("seq", .integer(row.sequence))])
        deadLetters.append(
            DeadLetter(
                stream: row.stream, sequence: row.sequence, reason: "\(error)",
                payload: row.payload))
        work.poison(row, error, at: now, into: &events)
    }

    /// Live: what was decided or taken from the ledger is committed at once, quiet market data once a
    /// second.
    func commitIsDue(_ monotonic: Int64) -> Bool {
        if !events.isEmpty || rowsHandled { return true }
        return changedSinceCommit && monotonic - lastCommit >= Self.quietCommitInterval
    }

    func commit(_ monotonic: Int64) throws {
        guard var session else { return }
        guard changedSinceCommit || rowsHandled || !events.isEmpty else { return }
        var batch = CommitBatch()
        batch.events = events.map { event in
            LedgerEntry(
                stream: event.stream, envelope: event.envelope, timestamp: event.timestamp,
                payload: EventCodec.encode(event))
        }
        batch.offsets = offsets(session)
        batch.state = changedState(monotonic)
        batch.deadLetters = deadLetters
        batch.unproven = session.takeUnproven()
        batch.calls = work.takeStatements()
        let started = SystemClock.monotonicNanoseconds
        try session.store.commit(batch)
        metrics.committed(nanoseconds: SystemClock.monotonicNanoseconds - started)
        for event in batch.events {
            session.standing.heads[event.stream] = event.envelope.sequence
        }
        self.session = session
        connection.committed()
        lockStep?.markCommitted()
        lastCommit = monotonic
        events.removeAll(keepingCapacity: events.count <= Self.marketBatch)
        deadLetters.removeAll()
        changedSinceCommit = false
        rowsHandled = false
        oldestUncommitted = nil
        boardIsOld = true
        metricsAreOld = true
        commandsAreDurable()
        publish(batch.events)
    }

    private func offsets(_ session: Session) -> [(stream: String, sequence: Int64)] {
        var offsets = Work.consumed.map {
            (stream: $0.rawValue, sequence: session.standing.offsets[$0, default: 0])
        }
        if let lockStep { offsets.append(("market:" + lockStep.feed, lockStep.handled)) }
        return offsets
    }

    /// Changed keys with their values. Windows are many and large: live they are written every ten
    /// seconds, in a replay always, because there they must not be lost.
    private func changedState(_ monotonic: Int64) -> [(key: String, value: Value?)] {
        var keys = work.takeChangedKeys()
        if lockStep == nil {
            deferredWindows.formUnion(keys.filter { $0.hasPrefix("window:") })
            keys.removeAll { $0.hasPrefix("window:") }
            if monotonic - lastWindows >= Self.windowInterval || stop.isRequested {
                lastWindows = monotonic
                keys += deferredWindows.sorted()
                deferredWindows.removeAll(keepingCapacity: true)
            }
        }
        var changes = keys.map { (key: $0, value: work.state(of: $0)) }
        if settings.marketClock { changes.append((Self.clockKey, clockState)) }
        return changes
    }

    static var clockKey: String { "clock" }

    private var clockState: Value {
        .object([
            .init("now", .time(marketNow)), .init("feed", .text(lockStep?.feed)),
        ])
    }

    /// After the commit: the same bytes, in one flush.
    private func publish(_ entries: [LedgerEntry]) {
        guard !entries.isEmpty else { return }
        let started = SystemClock.monotonicNanoseconds
        for entry in entries {
            let channel = Channel(entry.stream)
            own[channel, default: OwnMessages()].published(entry.payload)
            publisher.publish(channel.rawValue, entry.payload)
        }
        publisher.flush()
        metrics.published(entries, nanoseconds: SystemClock.monotonicNanoseconds - started)
    }
}
