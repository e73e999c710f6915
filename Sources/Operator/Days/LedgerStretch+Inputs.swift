import CoreModels
import DecisionCores

// What each service was told beside the market, and when, as its own events tell.
extension LedgerStretch {
    /// Signals made by hand.
    var inputsOfCore: [LedgerInput] {
        signals.filter { $0.source == .manual && $0.envelope.sequence > head(.signals) }.map {
            var wish = $0
            wish.envelope = Envelope(sequence: 0, id: "")
            return LedgerInput(time: $0.timestamp, fact: .signal(wish), awaits: .signals)
        }
    }

    /// A signal's message, and when cdb_core received it.
    var momentsOfCore: [MarketReference: Timestamp] {
        var moments: [MarketReference: Timestamp] = [:]
        for signal in signals {
            if let market = signal.market { moments[market] = signal.timestamp }
        }
        return moments
    }

    /// What entered from outside beside the market.
    func inputsOfPipeline(_ books: LedgerBooks) -> [LedgerInput] {
        (inputsOfCore + commands + returns(books.limits, outageSince: books.trading.awaySince)
            + endOfData).inOrder
    }

    // MARK: Risk

    func inputsOfRisk(_ limits: RiskLimits, outageSince: Timestamp?) -> [LedgerInput] {
        (signalsToRisk(limits) + resultsToRisk + commands + ticks
            + returns(limits, outageSince: outageSince)).inOrder
    }

    /// Each signal at the time of its decision.
    private func signalsToRisk(_ limits: RiskLimits) -> [LedgerInput] {
        var known: [String: Signal] = [:]
        for signal in signals { known[signal.envelope.id] = signal }
        var backlog = 0
        var inputs: [LedgerInput] = []
        for decision in decisions {
            guard let signal = decision.signalID.flatMap({ known[$0] }) else { continue }
            let told = decision.code == .backpressure ? decision.backlog : 0
            if told != backlog {
                inputs.append(
                    LedgerInput(time: decision.timestamp, fact: .orderBacklog(told), rank: 2))
                backlog = told
            }
            inputs.append(
                LedgerInput(
                    time: decision.timestamp, fact: .signal(signal), awaits: .riskDecisions,
                    rank: 2, quote: decision.market.map { (decision.symbol, $0) }))
        }
        return inputs
    }

    /// Each result at the time of the account it led to; one that filled nothing at the time of its
    /// alert, or at its own.
    private var resultsToRisk: [LedgerInput] {
        var answers: [String: Timestamp] = [:]
        for alert in alerts {
            if let cause = alert.envelope.cause { answers[cause] = alert.timestamp }
        }
        for account in accounts {
            if let cause = account.envelope.cause { answers[cause] = account.timestamp }
        }
        var decided: [String: Timestamp] = [:]
        for order in orders { decided[order.orderID] = order.timestamp }
        return results.compactMap { result in
            let isFill = result.filledQuantity.isPositive
            let answer = answers[result.envelope.id]
            guard result.envelope.sequence >= firstResult, answer != nil || !isFill else {
                return nil
            }
            let time = answer ?? result.timestamp
            // Results go first, but not before the order they answer.
            let isOfThisMoment = decided[result.orderID] == time
            return LedgerInput(
                time: time, fact: .orderResult(result), awaits: isFill ? .account : nil,
                rank: isOfThisMoment ? 3 : 1)
        }
    }

    /// The operator's, and what the feeds said of their exchange.
    private var commands: [LedgerInput] {
        alerts.compactMap { alert in
            let reason = alert.context["reason"].text ?? ""
            let fact: Fact
            switch alert.code {
            case "HALTED":
                fact = .halt(flatten: alert.context["flatten"].flag ?? false, reason: reason)
            case "RELEASED":
                fact = .release(reason: reason, rebase: alert.context["rebase"].flag ?? false)
            case "RELEASE_REFUSED": fact = .release(reason: reason, rebase: false)
            default:
                guard alert.isOutage else { return nil }
                fact = .exchange(reachable: false, code: alert.context["code"].text)
            }
            return LedgerInput(time: alert.timestamp, fact: fact)
        }
    }

    /// Protective orders that no message has led to were sent by the clock, if by nothing else.
    private var ticks: [LedgerInput] {
        decisions.filter { $0.signalID == nil }.map {
            LedgerInput(
                time: $0.timestamp, fact: .clock, awaits: .riskDecisions,
                onlyIfNext: $0.envelope.sequence, rank: 4)
        }
    }

    /// That an exchange is reachable again leads to no event. It ends the pause at the next retry,
    /// so it was heard after the retry before the one at which trading was seen to go on.
    private func returns(_ limits: RiskLimits, outageSince: Timestamp?) -> [LedgerInput] {
        let outages = [outageSince].compactMap(\.self) + alerts.filter(\.isOutage).map(\.timestamp)
        let active = TradingState.Name.active.rawValue
        let seen =
            (accounts.filter { $0.trading == active }.map(\.timestamp)
            + decisions.filter { $0.state.trading == active }.map(\.timestamp)).sorted()
        return outages.enumerated().compactMap { place, outage in
            let next = place + 1 < outages.count ? outages[place + 1] : nil
            let goesOn = seen.first { $0 > outage }
            var time: Timestamp?
            if let goesOn, next.map({ goesOn < $0 }) ?? true {
                let retries = max(1, goesOn.since(outage) / limits.breakerRetryAfter)
                time = outage.advanced(by: (retries - 1) * limits.breakerRetryAfter + 1)
            } else {
                // A second outage is only told after a return.
                time = next?.advanced(by: -1)
            }
            return time.map { LedgerInput(time: $0, fact: .exchange(reachable: true, code: nil)) }
        }
    }

    /// When cdb_risk received a message: the age of its quote is a check of each decision, and what
    /// it did of its own it did at once.
    var momentsOfRisk: [MarketReference: Timestamp] {
        var moments: [MarketReference: Timestamp] = [:]
        for decision in decisions {
            guard let market = decision.market else { continue }
            if decision.signalID == nil {
                moments[market] = moments[market] ?? decision.timestamp
            } else if let age = decision.quoteAge {
                moments[market] = decision.timestamp.advanced(by: -age)
            }
        }
        return moments
    }

    // MARK: Execution

    func inputsOfExecution(_ paper: PaperSettings) -> [LedgerInput] {
        var known: [String: Order] = [:]
        for order in orders { known[order.orderID] = order }
        var inputs: [LedgerInput] = []
        for result in results where result.envelope.sequence > head(.orderResults) {
            guard let order = known[result.orderID] else { continue }
            let waits = paper.latencyMs > 0
            inputs.append(
                LedgerInput(
                    time: waits ? order.timestamp : result.timestamp, fact: .order(order),
                    awaits: waits ? nil : .orderResults, rank: 1))
        }
        return (inputs + endOfData).inOrder
    }

    /// The end of a replay, where orders still waited.
    private var endOfData: [LedgerInput] {
        results.first { $0.errorCode == ExecutionRefusal.endOfData.rawValue }.map {
            [LedgerInput(time: $0.timestamp, fact: .endOfData, rank: 4)]
        } ?? []
    }
}

extension [LedgerInput] {
    var inOrder: [LedgerInput] {
        enumerated().sorted {
            ($0.element.time, $0.element.rank, $0.offset)
                < ($1.element.time, $1.element.rank, $1.offset)
        }.map(\.element)
    }
}

extension RiskDecision {
    /// Milliseconds since the symbol's quote came; nil when layer 3 was not asked.
    var quoteAge: Int64? {
        check(3)?.value.fixed(RatioUnit.self).map { Int64($0.raw / (FixedArithmetic.one / 1000)) }
    }

    /// Orders that execution had not handled.
    fileprivate var backlog: Int { checks.last?.value.integer.map { Int($0) } ?? 0 }

    func check(_ layer: Int) -> Check? { checks.first { $0.layer == layer } }
}
