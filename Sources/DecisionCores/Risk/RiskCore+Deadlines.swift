import CoreModels

extension RiskCore {
    private enum Deadline {
        case silence
        case symbolSilence(Int)
        case slippageRetry
        case exchangeRetry
    }

    /// Handles what fell due up to now, in time order; at equal times silence of all, of held
    /// symbols, then the breaker's retries.
    mutating func advance(to now: Timestamp, into events: inout [Event]) {
        if day.firstInput == nil {
            day.firstInput = now
            changes.mark(.day)
        }
        guard now >= wakeUp else { return }
        var coming = nextDeadline()
        while let next = coming, next.moment <= now {
            switch next.deadline {
            case .silence: fallSilent(at: next.moment, into: &events)
            case .symbolSilence(let number):
                symbolFellSilent(number, at: next.moment, into: &events)
            case .slippageRetry: changeTrading(at: next.moment) { $0.slippageRetry = nil }
            case .exchangeRetry: retryExchange(at: next.moment, into: &events)
            }
            coming = nextDeadline()
        }
        wakeUp = coming?.moment ?? Timestamp(milliseconds: .max)
    }

    /// Changes nothing; mutating, so that it looks at the engine and not at a copy of it.
    private mutating func nextDeadline() -> (moment: Timestamp, deadline: Deadline)? {
        var first: (moment: Timestamp, deadline: Deadline)?
        func consider(_ moment: Timestamp, _ deadline: Deadline) {
            if let known = first, known.moment <= moment { return }
            first = (moment, deadline)
        }
        let canPause = trading.halt == nil && !trading.isSilent
        if canPause || !trading.silenceAnnounced, let since = silentSince {
            consider(since.advanced(by: limits.staleAfter + 1), .silence)
        }
        for position in portfolio.positions where !trading.silenceAnnounced {
            guard let number = board.index.find(position.symbol),
                !board.markets[number].watch.silenceAnnounced,
                let receipt = board.markets[number].quote.receipt
            else { continue }
            let since = max(receipt, trading.feedReturned ?? receipt)
            consider(since.advanced(by: limits.staleAfter + 1), .symbolSilence(number))
        }
        if let retry = trading.slippageRetry { consider(retry, .slippageRetry) }
        if let retry = trading.exchangeRetry { consider(retry, .exchangeRetry) }
        return first
    }

    /// No market_data at all: a pause, announced once per silence. The held symbols are silent with
    /// it and need no alert of their own, unless they stay silent when the feed returns.
    private mutating func fallSilent(at moment: Timestamp, into events: inout [Event]) {
        let announce = !trading.silenceAnnounced
        changeTrading(at: moment) {
            $0.isSilent = $0.halt == nil
            $0.silenceAnnounced = true
        }
        guard announce else { return }
        raise(
            AlertDraft(
                .warning, RefusalReason.dataStale.rawValue,
                "No market data of any symbol for more than \(limits.dataStaleTimeoutSec) s: no "
                    + "new orders until it returns. Check the feed.",
                [.init("timeout_sec", .integer(limits.dataStaleTimeoutSec))]),
            cause: nil, trace: nil, at: moment, into: &events)
    }

    private mutating func symbolFellSilent(
        _ number: Int, at moment: Timestamp, into events: inout [Event]
    ) {
        let symbol = board.index.symbols[number]
        board.markets[number].watch.silenceAnnounced = true
        changes.mark(watchOf: symbol)
        raise(
            AlertDraft(
                .warning, RefusalReason.dataStale.rawValue,
                "\(symbol) is held and had no market data for more than "
                    + "\(limits.dataStaleTimeoutSec) s: its stop-loss is blind.",
                [
                    .init("symbol", .symbol(symbol)),
                    .init("timeout_sec", .integer(limits.dataStaleTimeoutSec)),
                ]),
            cause: nil, trace: nil, at: moment, into: &events)
    }

    /// Asks only for what can still change: whether the exchange is reachable.
    private mutating func retryExchange(at moment: Timestamp, into events: inout [Event]) {
        if trading.isExchangeReachable {
            return changeTrading(at: moment) {
                $0.exchangeRetry = nil
                $0.exchangeRetries = 0
            }
        }
        let again = moment.advanced(by: limits.breakerRetryAfter)
        changeTrading(at: moment) {
            $0.exchangeRetries += 1
            $0.exchangeRetry = again
        }
        let retries = trading.exchangeRetries
        guard retries >= limits.circuitBreakerMaxRetries else { return }
        changeTrading(at: moment) { $0.enterHalt("CIRCUIT_BREAKER", at: moment) }
        raise(
            AlertDraft(
                .critical, RefusalReason.circuitBreaker.rawValue,
                "The exchange is still unreachable after \(retries) retries: trading is halted "
                    + "until an operator releases it.",
                [.init("retries", .integer(Int64(retries)))]),
            cause: nil, trace: nil, at: moment, into: &events)
    }

    /// What a feed says of its exchange. The end of an outage is noticed at the next retry.
    mutating func exchangeReported(
        reachable: Bool, code: String?, at now: Timestamp, into events: inout [Event]
    ) {
        let isNews = reachable != trading.isExchangeReachable
        let trips = !reachable && trading.halt == nil && trading.exchangeRetry == nil
        guard isNews || trips else { return }
        let retry = now.advanced(by: limits.breakerRetryAfter)
        changeTrading(at: now) {
            $0.isExchangeReachable = reachable
            if trips { $0.exchangeRetry = retry }
        }
        guard !reachable else { return }
        raise(
            AlertDraft(
                .warning, RefusalReason.circuitBreaker.rawValue,
                "The exchange is unreachable (\(code ?? "no code")): no new orders; asked again "
                    + "every \(limits.circuitBreakerRetrySec) s.",
                [.init("code", .text(code))]),
            cause: nil, trace: nil, at: now, into: &events)
    }
}
