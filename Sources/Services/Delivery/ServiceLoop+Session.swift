import CoreModels
import Ledger
import RedisBus
import ServiceKit

// One path for the start and for every recovery: connect, check the schema, take the lock, load.
extension ServiceLoop {
    func keepConnections(_ monotonic: Int64) throws {
        subscriber.service(monotonic)
        publisher.service(monotonic)
        try connection.redis(
            isConnected: subscriber.isSubscribed, redisFailure ?? "not connected yet", monotonic)
        guard session == nil, monotonic >= connection.nextAttempt else { return }
        do {
            try openSession(monotonic)
        } catch let error as PostgresError where error.isRetryable {
            try connection.failed("\(error)", monotonic)
            logger.limited("postgres", .warning, "postgres_unavailable", "\(error); trying again")
        } catch let error as SchemaError where !connection.wasOpen {
            // The migration may be on its way.
            try connection.failed("\(error)", monotonic)
            logger.limited("schema", .warning, "schema_unknown", "\(error); trying again")
        }
    }

    /// Why there is no Redis; nil while there is.
    var redisFailure: String? {
        guard !subscriber.isSubscribed else { return nil }
        return subscriber.lastError.map { "\($0)" } ?? "not connected yet"
    }

    private func openSession(_ monotonic: Int64) throws {
        let store = try LedgerStore(settings.postgres, service: Work.service)
        switch try store.acquireLocks() {
        case .owned: break
        case .heldBy(let holder):
            store.close()
            logger.limited("lock", .warning, "lock_taken", "\(holder); waiting for it")
            return try connection.locked(by: holder, monotonic)
        }
        let loaded = try store.load()
        work = makeWork()
        for (key, value) in loaded.state where key != Self.clockKey {
            guard work.restore(key, value) else {
                throw ServiceError.unreadableState(service: Work.service, key: key)
            }
        }
        session = Session(store, loaded)
        restoreClock(loaded.state.first { $0.key == Self.clockKey }?.value)
        if lockStep == nil { work.forgetTradableQuotes() }
        bellRang = true
        lastCommit = monotonic
        connection.opened()
        applyStandingCommands()
        logger.info("session_opened", "the state is loaded")
    }

    private func restoreClock(_ clock: Value?) {
        guard settings.marketClock, let clock else { return }
        if let now = clock["now"].time { marketNow = max(marketNow, now) }
        guard let feed = clock["feed"].text else { return }
        lockStep = LockStep(
            service: Work.service, feed: feed, handled: session?.marketOffsets[feed] ?? 0)
    }

    /// Nothing in memory can be trusted to equal what is stored: drop it and load again.
    func discardSession(_ error: PostgresError) {
        logger.warning("session_lost", "\(error); loading the state again")
        if error.isFailedProof {
            trustsBusFrom = SystemClock.monotonicMilliseconds + Self.distrustInterval
        }
        session?.store.close()
        session = nil
        work = makeWork()
        lockStep = nil
        lastReport = nil
        marketNow = Timestamp(milliseconds: 0)
        events.removeAll()
        deadLetters.removeAll()
        deferredWindows.removeAll()
        mailCame = false
        changedSinceCommit = false
        rowsHandled = false
        oldestUncommitted = nil
        answerCommandsWithoutSession()
        connection.lost("\(error)", SystemClock.monotonicMilliseconds)
    }
}
