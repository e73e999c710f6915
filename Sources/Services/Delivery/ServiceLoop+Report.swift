import CoreModels
import EventSchema
import RedisBus
import ServiceKit

// What the loop tells of itself: the status board for HTTP, and `health` on the bus.
extension ServiceLoop {
    /// The board is renewed twice a second and when something changed for the worse or the better.
    static var boardInterval: Int64 { 500 }

    /// So long after a commit nothing else is waiting, as a rule, and the metrics follow it.
    static var metricsDelay: Int64 { 5 }

    func report(_ monotonic: Int64) {
        if metricsAreOld, monotonic - lastCommit >= Self.metricsDelay { updateMetrics() }
        let isWhole = session != nil && subscriber.isSubscribed && work.blockage == nil
        guard isWhole != wasWhole || monotonic - lastBoard >= Self.boardInterval else { return }
        wasWhole = isWhole
        lastBoard = monotonic
        let health = health
        let changed = health != lastHealthState
        publishBoard(health)
        metrics.reconnects(subscriber.reconnects + publisher.reconnects)
        updateMetrics()
        if changed { logger.health(health) }
        // What a burst needed goes back to the system when it is over.
        if !moreWaits, session?.isComplete ?? true { FreeMemory.giveBack() }
        guard changed || monotonic - lastHealth >= Self.healthInterval else { return }
        lastHealth = monotonic
        lastHealthState = health
        let event = HealthEvent(
            board, health, parameters: settings.parameters, given: settings.given)
        publisher.publish(Channel.health.rawValue, HealthCodec.encode(event))
        publisher.flush()
    }

    private func updateMetrics() {
        metricsAreOld = false
        work.updateMetrics(at: now)
    }

    func publishBoard(_ health: Health) {
        boardIsOld = false
        board.publish(
            StatusBoard.Notice(
                health: health, checks: checks, status: work.status(at: now) + common))
    }

    var health: Health {
        if session == nil { return .error(reason: connection.failure ?? "the state is not loaded") }
        if let blockage = work.blockage { return .error(reason: blockage) }
        if let failure = redisFailure { return .degraded(reason: "Redis: \(failure)") }
        if let policy = evictionPolicy {
            return .degraded(
                reason: "Redis' maxmemory-policy is \(policy): set it to noeviction")
        }
        return .ok
    }

    /// A policy that throws keys away silently; nil when there is none or it is not known.
    private var evictionPolicy: String? {
        publisher.maximumMemoryPolicy.flatMap { $0 == "noeviction" ? nil : $0 }
    }

    private var checks: [ReadinessCheck] {
        let loaded = session != nil
        return [
            ReadinessCheck(
                "redis", isPassed: redisFailure == nil, detail: redisFailure ?? "subscribed"),
            ReadinessCheck(
                "postgres", isPassed: loaded,
                detail: loaded ? "connected" : connection.failure ?? "starting"),
            ReadinessCheck("schema", isPassed: loaded, detail: loaded ? "known" : "not checked"),
            ReadinessCheck("lock", isPassed: loaded, detail: loaded ? "owned" : "not owned"),
            ReadinessCheck("work", isPassed: work.blockage == nil, detail: work.blockage ?? "free"),
        ] + feedRemark + work.remarks
    }

    /// A quiet market is told, and decides nothing: only the feeds are unready without one.
    private var feedRemark: [ReadinessCheck] {
        guard Work.takesMarketData else { return [] }
        let age = lastMarketData.map { SystemClock.monotonicMilliseconds - $0 }
        let detail = age.map { "last market_data \($0) ms ago" } ?? "no market_data since the start"
        return [ReadinessCheck("feed", isPassed: true, detail: detail)]
    }

    /// What every service shows in `/status` behind its own.
    private var common: [Value.Member] {
        let standing = session?.standing
        return [
            .init(
                "redis",
                .object([
                    .init("subscribed", .flag(subscriber.isSubscribed)),
                    .init(
                        "reconnects", .integer(Int64(subscriber.reconnects + publisher.reconnects))),
                    .init("maxmemory_policy", .text(publisher.maximumMemoryPolicy)),
                    .init("bells_lost", .integer(Int64(publisher.dropped))),
                ])),
            .init(
                "offsets",
                .object(
                    Work.consumed.map {
                        .init($0.rawValue, .integer(standing?.offsets[$0] ?? 0))
                    })),
            .init(
                "lag",
                .object(
                    Work.consumed.map {
                        .init($0.rawValue, .integer(lags[$0, default: 0]))
                    })),
            .init(
                "heads",
                .object(
                    Work.service.streams.map {
                        .init($0.rawValue, .integer(standing?.heads[$0] ?? 0))
                    })),
            .init(
                "replay",
                lockStep.map { replay in
                    .object([
                        .init("feed", .text(replay.feed)), .init("seq", .integer(replay.handled)),
                    ])
                } ?? .null),
        ]
    }
}
