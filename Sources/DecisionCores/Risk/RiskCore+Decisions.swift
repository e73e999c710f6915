import CoreModels

extension RiskCore {
    mutating func decide(_ signal: Signal, at now: Timestamp, into events: inout [Event]) {
        counters.signalsReceived += 1
        changes.mark(.counters)
        let number = board.number(of: signal.symbol)
        let proposal = Proposal(
            symbol: signal.symbol, number: number, side: signal.side,
            price: board.tradableQuote(number)?.price(signal.side), now: now)
        if let position = portfolio.position(signal.symbol), position.side != signal.side {
            close(position, signal, proposal, into: &events)
        } else {
            open(signal, proposal, into: &events)
        }
        // What a layer found may be more than a refusal: the drawdown acts.
        protect(cause: nil, trace: nil, at: now, into: &events)
    }

    private mutating func open(
        _ signal: Signal, _ first: Proposal, into events: inout [Event]
    ) {
        var proposal = first
        var checks: [RiskDecision.Check] = []
        for rule in RiskRules.beforeSizing {
            let finding = rule.judge(proposal, in: self)
            checks.append(rule.check(finding))
            if case .reject(let code) = finding.ruling {
                return refuse(signal, proposal, rule.layer, code, checks, into: &events)
            }
        }
        guard let price = proposal.price, size(&proposal, signal, at: price) else {
            let finding = Finding(value: .null, limit: .null, ruling: .reject(.overflow))
            checks.append(OrderSanityRule.check(finding))
            return refuse(
                signal, proposal, OrderSanityRule.layer, .overflow, checks, into: &events)
        }
        var isTrimmed = false
        for rule in RiskRules.afterSizing {
            let finding = rule.judge(proposal, in: self)
            checks.append(rule.check(finding))
            switch finding.ruling {
            case .pass: break
            case .trim(let quantity):
                isTrimmed = true
                proposal.quantity = quantity
                proposal.notional = price.times(quantity, .awayFromZero) ?? proposal.notional
            case .reject(let code):
                return refuse(signal, proposal, rule.layer, code, checks, into: &events)
            }
        }
        let draft = OrderDraft(
            proposal: proposal, price: price, reduceOnly: false, reason: .signal,
            trimmed: isTrimmed)
        approve(draft, signal, checks, into: &events)
    }

    /// A signal against a position closes what no other exit covers, and never flips it.
    private mutating func close(
        _ position: Position, _ signal: Signal, _ first: Proposal, into events: inout [Event]
    ) {
        var proposal = first
        if trading.isFrozen {
            let finding = TradingStateRule.judge(proposal, in: self)
            return refuse(
                signal, proposal, TradingStateRule.layer, .halted,
                [TradingStateRule.check(finding)], into: &events)
        }
        let rest = uncovered(position)
        let wished = signal.size?.rounded(toDecimals: 8, .towardZero) ?? rest
        proposal.quantity = min(rest, wished)
        guard proposal.quantity.isPositive else {
            proposal.quantity = .zero
            let finding = Finding(
                value: .number(rest), limit: .number(position.quantity.magnitude),
                ruling: .reject(.noPosition))
            return refuse(
                signal, proposal, OrderSanityRule.layer, .noPosition,
                [OrderSanityRule.check(finding)], into: &events)
        }
        let draft = exit(position, proposal, reason: .signal)
        approve(draft, signal, RiskRules.reduceOnlyChecks, into: &events)
    }

    /// target = day's start × MAX_POSITION_PCT × confidence, or the signal's own size; false when
    /// fixed-point cannot hold it.
    private func size(_ proposal: inout Proposal, _ signal: Signal, at price: Price) -> Bool {
        let whole = limits.share(limits.maxPositionPct, of: day.startEquity)
        let wished =
            signal.size
            ?? limits.share(signal.confidence, of: whole)
            .divided(by: price, .towardZero)
        guard let wished else { return false }
        let quantity = max(.zero, wished.rounded(toDecimals: 8, .towardZero))
        guard let notional = price.times(quantity, .awayFromZero),
            notional <= PortfolioCore.cashLimit
        else { return false }
        proposal.quantity = quantity
        proposal.notional = notional
        return true
    }

    private mutating func approve(
        _ draft: OrderDraft, _ signal: Signal, _ checks: [RiskDecision.Check],
        into events: inout [Event]
    ) {
        counters.ordersApproved += 1
        let decision = send(draft, for: signal, checks, into: &events)
        let number = draft.proposal.number
        if !board.markets[number].watch.announced.isEmpty {
            board.markets[number].watch.announced = []
            changes.mark(watchOf: draft.proposal.symbol)
        }
        guard draft.trimmed else { return }
        raise(
            AlertDraft(
                .warning, RefusalReason.riskLimit.rawValue,
                "\(draft.proposal.symbol): the order was trimmed to what MAX_POSITION_PCT leaves.",
                [
                    .init("symbol", .symbol(draft.proposal.symbol)),
                    .init("quantity", .number(draft.proposal.quantity)),
                    .init("notional", .number(draft.proposal.notional)),
                ]),
            cause: decision, trace: Self.trace(signal), at: draft.proposal.now, into: &events)
    }

    private mutating func refuse(
        _ signal: Signal, _ proposal: Proposal, _ layer: Int, _ code: RefusalReason,
        _ checks: [RiskDecision.Check], into events: inout [Event]
    ) {
        counters.reject(code)
        let decision = emitDecision(
            proposal, price: proposal.price, for: signal,
            Ruling(verdict: .rejected, layer: layer, code: code, orderID: nil, checks: checks),
            into: &events)
        guard let level = Self.alertLevel(ofLayer: layer),
            board.markets[proposal.number].watch.announced.insert(code).inserted
        else { return }
        changes.mark(watchOf: proposal.symbol)
        raise(
            AlertDraft(
                level, code.rawValue,
                "\(proposal.side.rawValue) \(proposal.symbol) refused by layer \(layer). Further "
                    + "refusals of this kind are counted, not announced.",
                [
                    .init("symbol", .symbol(proposal.symbol)),
                    .init("layer", .integer(Int64(layer))),
                    .init("value", checks.last?.value ?? .null),
                    .init("limit", checks.last?.limit ?? .null),
                ]),
            cause: decision.id, trace: decision.trace, at: proposal.now, into: &events)
    }

    /// The level of a refusal's alert; layer 0 raises none, layer 1 has its own (`checkDrawdown`).
    private static func alertLevel(ofLayer layer: Int) -> Alert.Level? {
        switch layer {
        case 2, 3, 5: .warning
        case 4, 6: .info
        default: nil
        }
    }

    static func trace(_ signal: Signal) -> String? {
        signal.envelope.id.isEmpty ? nil : signal.envelope.id
    }
}
