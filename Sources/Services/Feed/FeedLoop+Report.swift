import CoreModels
import DecisionCores
import EventSchema
import Exchange
import MarketSources
import RedisBus
import ServiceKit

// What a feed tells of itself: the status board for HTTP, `health` on the bus, and its metrics.
extension FeedLoop {
    private static let listedSymbols = 10

    func report(_ now: Int64) {
        guard now - lastBoard >= Self.boardInterval else { return }
        lastBoard = now
        let health = health(now)
        let top = market.top(MoverBoard.limit)
        board.publish(
            StatusBoard.Notice(health: health, checks: checks(now), status: status(now, top)))
        movers.publish(top)
        updateMetrics(now)
        let changed = health != lastHealthState
        if changed { logger.health(health) }
        lastHealthState = health
        guard publisher.isConnected, changed || now - lastHealth >= Self.healthInterval else {
            return
        }
        lastHealth = now
        // What a burst needed goes back to the system.
        FreeMemory.giveBack()
        let event = HealthEvent(
            board, health, parameters: settings.parameters, given: settings.given,
            exchange: exchangeDetail(now))
        publisher.publish(Channel.health.rawValue, HealthCodec.encode(event))
        publisher.flush()
    }

    // MARK: - Health

    func health(_ now: Int64) -> Health {
        if let failure = redisFailure { return .error(reason: "Redis: \(failure)") }
        if let trouble = feedTrouble(now) { return .error(reason: trouble) }
        if let complaint = skew.complaint { return .degraded(reason: complaint) }
        if rest.agenda.isPaused(now) {
            return .degraded(reason: "the exchange limits our questions; REST pauses")
        }
        if socket != nil, let fault = rest.failure {
            return .degraded(reason: "REST: \(fault.description)")
        }
        return .ok
    }

    private func reachState(_ now: Int64) -> Reach.State {
        reach.state(now, silence: settings.staleTimeout)
    }

    /// Why no market data comes; nil while it does.
    private func feedTrouble(_ now: Int64) -> String? {
        switch reachState(now) {
        case .unreachable(let code, let reason):
            return "the exchange is unreachable (\(code)): \(reason)"
        case .unknown: return "no market data yet"
        case .reachable: break
        }
        if market.contracts.listed == 0 {
            return "the list of contracts has not come: "
                + (rest.failure?.description ?? "it was asked for")
        }
        return nil
    }

    private func checks(_ now: Int64) -> [ReadinessCheck] {
        let redis = redisFailure
        let trouble = feedTrouble(now)
        let age = reach.dataAge(now).map { "last market data \($0) ms ago" } ?? ""
        return [
            ReadinessCheck("redis", isPassed: redis == nil, detail: redis ?? "subscribed"),
            ReadinessCheck("feed", isPassed: trouble == nil, detail: trouble ?? age),
        ]
    }

    /// What cdb_risk listens to (docs/EVENT_SCHEMA.json, health).
    private func exchangeDetail(_ now: Int64) -> [Value.Member] {
        switch reachState(now) {
        case .unknown: []
        case .reachable: [.init("exchange", .text("reachable"))]
        case .unreachable(let code, _):
            [.init("exchange", .text("unreachable")), .init("code", .text(code))]
        }
    }

    // MARK: - Status

    private func status(_ now: Int64, _ top: TopMovers) -> [Value.Member] {
        let connection = socket?.status(now)
        var isReachable = false
        if case .reachable = reachState(now) { isReachable = true }
        return [
            .init("connected", .flag(connection?.isConnected ?? isReachable)),
            .init("exchange", .object(exchangeDetail(now))),
            .init("subscriptions", .list(connection?.streams.map(\.value) ?? [])),
            .init("last_message_age_ms", .age(connection?.messageAge ?? reach.dataAge(now))),
            .init("last_data_age_ms", .age(reach.dataAge(now))),
            .init("reconnects", .integer(Int64(connection?.reconnects ?? 0))),
            .init("ping_ms", .age(connection?.roundTrip)),
            .init("clock_skew_ms", .age(skew.milliseconds)),
            .init("top", top.first(5).value),
        ] + marketStatus() + busStatus(now)
    }

    private func marketStatus() -> [Value.Member] {
        let receipt = SystemClock.now()
        let (heard, stale) = market.silence(over: settings.staleTimeout, at: receipt)
        let contracts = market.contracts
        let windows = market.windowProgress
        let rejected = market.rejections.sorted { $0.key < $1.key }
        return [
            .init(
                "contracts",
                .counts([("tradable", contracts.tradable), ("listed", contracts.listed)])),
            .init(
                "symbols",
                .object([
                    .init("heard", .integer(Int64(heard))),
                    .init("stale", .integer(Int64(stale.count))),
                    .init(
                        "stalest",
                        .list(
                            stale.prefix(Self.listedSymbols).map { silent in
                                .object([
                                    .init("symbol", .symbol(silent.symbol)),
                                    .init("age_ms", .integer(silent.age)),
                                ])
                            })),
                ])),
            .init("active", .list(active.map { .symbol($0) })),
            .init("funding", .list(market.fundingRates(of: active).map(\.value))),
            .init(
                "books",
                .counts([
                    ("followed", active.count), ("quoted", market.quoted(at: receipt)),
                ])),
            .init(
                "windows", .counts([("filled", windows.filled), ("wanted", windows.wanted)])),
            .init("rejected", .counts(rejected.map { ($0.key, $0.value) })),
        ]
    }

    private func busStatus(_ now: Int64) -> [Value.Member] {
        [
            .init("feed", .text(feed)), .init("published", .integer(sequence)),
            .init("dropped", .integer(Int64(publisher.dropped))),
            .init("rest_paused", .flag(rest.agenda.isPaused(now))),
            .init(
                "redis",
                .object([
                    .init("subscribed", .flag(subscriber.isSubscribed)),
                    .init(
                        "reconnects",
                        .integer(Int64(subscriber.reconnects + publisher.reconnects))),
                ])),
        ]
    }

    private func updateMetrics(_ now: Int64) {
        let receipt = SystemClock.now()
        let windows = market.windowProgress
        let stale = market.silence(over: settings.staleTimeout, at: receipt).stale.count
        metrics.rejected(total: market.rejections)
        metrics.dropped.raise(to: publisher.dropped)
        metrics.connections.set(socket?.status(now).isConnected == true ? 1 : 0)
        metrics.set(.clockSkew, Double(skew.milliseconds ?? 0) / 1000)
        metrics.set(.staleSymbols, Double(stale))
        metrics.set(.activeSymbols, Double(active.count))
        metrics.set(.quotedSymbols, Double(market.quoted(at: receipt)))
        metrics.set(.windowsFilled, Double(windows.filled))
        metrics.set(.windowsWanted, Double(windows.wanted))
        metrics.set(
            .redisReconnects, Double(subscriber.reconnects + publisher.reconnects))
    }
}

extension Value {
    fileprivate static func age(_ milliseconds: Int64?) -> Value {
        milliseconds.map { .integer($0) } ?? .null
    }

    fileprivate static func counts(_ counts: [(String, Int)]) -> Value {
        .object(counts.map { .init($0.0, .integer(Int64($0.1))) })
    }
}

extension FundingRate {
    fileprivate var value: Value {
        .object([
            .init("symbol", .symbol(symbol)), .init("rate", .number(rate)),
            .init("next_settlement", .time(nextSettlement)),
            .init("cycle_hours", cycleHours.map { .integer($0) } ?? .null),
        ])
    }
}

extension FeedStatus.Stream {
    fileprivate var value: Value {
        let (stream, symbol): (String, Symbol?) =
            switch request {
            case .subscribeTickers: ("tickers", nil)
            case .subscribeBook(let symbol): ("book", symbol)
            case .subscribeTrades(let symbol): ("trades", symbol)
            case .ping, .unsubscribeBook, .unsubscribeTrades: ("", nil)
            }
        return .object([
            .init("stream", .text(stream)),
            .init("symbol", .text(symbol?.description)),
            .init("confirmed", .flag(isConfirmed)),
            .init("age_ms", .age(dataAge)),
        ])
    }
}
