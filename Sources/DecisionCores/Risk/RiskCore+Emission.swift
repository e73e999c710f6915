import CoreModels

extension RiskCore {
    mutating func raise(
        _ draft: AlertDraft, cause: String?, trace: String?, at now: Timestamp,
        into events: inout [Event]
    ) {
        changes.mark(.numbers)
        events.append(
            .alert(
                Alert(
                    envelope: numbers.next(.alertsRisk, cause: cause, trace: trace),
                    level: draft.level, code: draft.code, message: draft.message,
                    context: .object(draft.context), source: .risk, timestamp: now)))
    }

    mutating func writeAccount(
        cause: String?, trace: String?, at now: Timestamp, into events: inout [Event]
    ) {
        changes.mark(.numbers)
        events.append(
            .account(
                Account(
                    envelope: numbers.next(.account, cause: cause, trace: trace), equity: equity,
                    cash: portfolio.cash, exposure: exposure, inFlight: inFlight.total,
                    realizedToday: portfolio.realizedToday, unrealized: portfolio.unrealized,
                    dailyPnL: dailyPnL, drawdownPct: drawdownPct,
                    dayStartEquity: day.startEquity,
                    positions: portfolio.positions.map {
                        Account.Position(
                            symbol: $0.symbol, quantity: $0.quantity,
                            averageEntryPrice: $0.averageEntryPrice, lastPrice: $0.lastPrice,
                            unrealized: $0.unrealized)
                    },
                    trading: trading.name.rawValue, timestamp: now)))
    }

    /// What is to be sent, before it has a number.
    struct OrderDraft {
        var proposal: Proposal
        var price: Price
        var reduceOnly: Bool
        var reason: Order.Reason
        var trimmed = false
    }

    /// Emits a decision and the order it approves, and counts the order as in flight. Returns the
    /// decision's id.
    mutating func send(
        _ draft: OrderDraft, for signal: Signal?, _ checks: [RiskDecision.Check],
        into events: inout [Event]
    ) -> String {
        let proposal = draft.proposal
        let sequence = numbers.head(.orders) + 1
        let decision = emitDecision(
            proposal, price: draft.price, for: signal,
            Ruling(
                verdict: draft.trimmed ? .trimmed : .approved,
                layer: draft.trimmed ? PositionSizeRule.layer : nil,
                code: draft.trimmed ? .riskLimit : .ok,
                orderID: Stream.orders.id(sequence), checks: checks),
            into: &events)
        let trace = decision.trace
        let envelope = numbers.next(.orders, cause: decision.id, trace: trace)
        let isBuy = proposal.side == .buy
        let inverse = isBuy ? -limits.stopLossPct : limits.stopLossPct
        events.append(
            .order(
                Order(
                    envelope: envelope, orderID: envelope.id, clientID: "cdb-\(sequence)",
                    symbol: proposal.symbol, side: proposal.side, quantity: proposal.quantity,
                    reduceOnly: draft.reduceOnly, price: draft.price,
                    stopLossPct: draft.reduceOnly ? nil : limits.stopLossPct,
                    stopLossPrice: draft.reduceOnly
                        ? nil : draft.price.scaled(by: Ratio(1) + inverse, .nearest),
                    signalID: trace, reason: draft.reason, trimmed: draft.trimmed,
                    market: board.markets[proposal.number].quote.reference, timestamp: proposal.now)
            ))
        let order = InFlightOrder(
            sequence: sequence, symbol: proposal.symbol, side: proposal.side,
            quantity: proposal.quantity, notional: proposal.notional,
            cash: isBuy ? limits.cashNeeded(proposal.notional) ?? proposal.notional : .zero,
            reduceOnly: draft.reduceOnly, reason: draft.reason, trace: trace, sent: proposal.now)
        inFlight.add(order)
        changes.mark(inFlight: order)
        return decision.id
    }

    /// How a decision ended.
    struct Ruling {
        var verdict: RiskDecision.Verdict
        var layer: Int?
        var code: RefusalReason
        var orderID: String?
        var checks: [RiskDecision.Check]
    }

    mutating func emitDecision(
        _ proposal: Proposal, price: Price?, for signal: Signal?, _ ruling: Ruling,
        into events: inout [Event]
    ) -> Envelope {
        changes.mark(.numbers)
        // A signal made by hand may have no id.
        let signalID = signal.flatMap { $0.envelope.id.isEmpty ? nil : $0.envelope.id }
        let envelope = numbers.next(.riskDecisions, cause: signalID, trace: signalID)
        events.append(
            .riskDecision(
                RiskDecision(
                    envelope: envelope, signalID: signalID, symbol: proposal.symbol,
                    side: proposal.side, verdict: ruling.verdict, layer: ruling.layer,
                    code: ruling.code, quantity: proposal.quantity, price: price,
                    notional: proposal.notional, orderID: ruling.orderID, checks: ruling.checks,
                    state: RiskDecision.State(
                        equity: equity, dayStartEquity: day.startEquity, dailyPnL: dailyPnL,
                        exposure: exposure, inFlight: inFlight.total,
                        trading: trading.name.rawValue),
                    market: board.markets[proposal.number].quote.reference, timestamp: proposal.now)
            ))
        return envelope
    }
}
