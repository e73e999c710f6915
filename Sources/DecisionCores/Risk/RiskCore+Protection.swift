import CoreModels

extension RiskCore {
    /// A failed protective exit is sent again at most once in this time.
    static let resendAfter: Int64 = 1000

    /// Drawdown first, then the exposure alarm: after every input that may have changed either.
    mutating func protect(
        cause: String?, trace: String?, at now: Timestamp, into events: inout [Event]
    ) {
        if dailyPnL <= -day.lossLimit, !trading.drawdownActed {
            drawdownReached(cause: cause, trace: trace, at: now, into: &events)
        }
        // The alarm lies at four fifths of equity or more.
        if exposure.raw > equity.raw >> 1 {
            checkExposure(cause: cause, trace: trace, at: now, into: &events)
        }
    }

    private mutating func drawdownReached(
        cause: String?, trace: String?, at now: Timestamp, into events: inout [Event]
    ) {
        let isFrozen = trading.isFrozen
        changeTrading(at: now) {
            $0.drawdownActed = true
            guard !isFrozen else { return }
            $0.enterHalt("DRAWDOWN", at: now)
            if $0.flatten == nil { $0.flatten = .flattenDrawdown }
        }
        let effect =
            isFrozen
            ? "the kill switch holds, so nothing is sold."
            : "trading is halted and every position is sold."
        raise(
            AlertDraft(
                .critical, RefusalReason.riskLimit.rawValue,
                "The day's loss reached its limit: \(effect) Release by hand.",
                [
                    .init("daily_pnl", .number(dailyPnL)),
                    .init("limit", .number(-day.lossLimit)), .init("equity", .number(equity)),
                    .init("day_start_equity", .number(day.startEquity)),
                ]),
            cause: cause, trace: trace, at: now, into: &events)
        if !isFrozen { flattenAll(at: now, into: &events) }
    }

    /// Exposure beyond the larger of 80 % and MAX_EXPOSURE_PCT of equity halts; it sells nothing.
    private mutating func checkExposure(
        cause: String?, trace: String?, at now: Timestamp, into events: inout [Event]
    ) {
        guard trading.halt == nil, exposure.isPositive else { return }
        let share = max(Ratio(raw: 800_000_000_000_000_000), limits.maxExposurePct)
        let limit = limits.share(share, of: equity)
        guard exposure > limit else { return }
        changeTrading(at: now) { $0.enterHalt("EXPOSURE", at: now) }
        raise(
            AlertDraft(
                .critical, RefusalReason.riskLimit.rawValue,
                "Exposure passed its alarm: trading is halted until an operator releases it.",
                [.init("exposure", .number(exposure)), .init("limit", .number(limit))]),
            cause: cause, trace: trace, at: now, into: &events)
    }

    /// On a market_data of a held symbol, whose position stands at `place`: its first loss beyond
    /// STOP_LOSS_PCT.
    @inline(__always)
    mutating func checkStopLoss(
        _ place: Int, _ number: Int, at now: Timestamp, into events: inout [Event]
    ) {
        let unrealized = portfolio.positions[place].unrealized
        guard unrealized.isNegative, let limit = board.markets[number].watch.lossLimit,
            -unrealized >= limit, !board.markets[number].watch.stopLossReached
        else { return }
        stopLossReached(portfolio.positions[place], number, limit, at: now, into: &events)
    }

    private mutating func stopLossReached(
        _ position: Position, _ number: Int, _ limit: Money, at now: Timestamp,
        into events: inout [Event]
    ) {
        let symbol = position.symbol
        guard !trading.isFrozen, !inFlight.hasProtectiveExit(symbol),
            uncovered(position).isPositive
        else { return }
        board.setStopLossReached(true, number)
        changes.mark(watchOf: symbol)
        raise(
            AlertDraft(
                .warning, RefusalReason.riskLimit.rawValue,
                "\(symbol): the loss reached STOP_LOSS_PCT, the position is closed.",
                [
                    .init("symbol", .symbol(symbol)),
                    .init("unrealized", .number(position.unrealized)),
                    .init("limit", .number(-limit)),
                    .init("average_entry_price", .number(position.averageEntryPrice)),
                    .init("last_price", .number(position.lastPrice)),
                ]),
            cause: nil, trace: nil, at: now, into: &events)
        sendExit(position, reason: .stopLoss, at: now, into: &events)
    }

    /// Some position is to be closed and may not be yet.
    var needsExits: Bool {
        if trading.isFrozen { return false }
        return trading.flatten != nil
            ? !portfolio.positions.isEmpty : board.stopLossesReached > 0
    }

    /// Sends again what failed: every position while flattening, those beyond their stop-loss
    /// always, each at most once a second and a stop-loss one at a time.
    mutating func sendExits(at now: Timestamp, into events: inout [Event]) {
        guard needsExits else { return }
        for position in portfolio.positions {
            guard let number = board.index.find(position.symbol) else { continue }
            let watch = board.markets[number].watch
            if let earliest = watch.exitNotBefore, now < earliest { continue }
            if let reason = trading.flatten {
                sendExit(position, reason: reason, at: now, into: &events)
            } else if watch.stopLossReached, !inFlight.hasProtectiveExit(position.symbol) {
                sendExit(position, reason: .stopLoss, at: now, into: &events)
            }
        }
    }

    /// Every position at once, whatever was sent before.
    mutating func flattenAll(at now: Timestamp, into events: inout [Event]) {
        guard let reason = trading.flatten, !trading.isFrozen else { return }
        for position in portfolio.positions {
            sendExit(position, reason: reason, at: now, into: &events)
        }
    }

    /// One reduce-only order over what no other exit covers.
    mutating func sendExit(
        _ position: Position, reason: Order.Reason, at now: Timestamp, into events: inout [Event]
    ) {
        let quantity = uncovered(position)
        guard quantity.isPositive else { return }
        let number = board.number(of: position.symbol)
        let proposal = Proposal(
            symbol: position.symbol, number: number, side: position.side.opposite, price: nil,
            now: now, quantity: quantity)
        counters.protectiveOrders += 1
        changes.mark(.counters)
        board.markets[number].watch.exitNotBefore = now.advanced(by: Self.resendAfter)
        changes.mark(watchOf: position.symbol)
        _ = send(
            exit(position, proposal, reason: reason), for: nil, RiskRules.reduceOnlyChecks,
            into: &events)
    }

    /// An exit is priced at the last known quote, also at an old one; a book too absurd to be
    /// counted with is left out.
    func exit(_ position: Position, _ first: Proposal, reason: Order.Reason) -> OrderDraft {
        var proposal = first
        var price = board.markets[proposal.number].quote.price(proposal.side)
        if let notional = price.times(proposal.quantity, .awayFromZero),
            notional <= PortfolioCore.moneyLimit
        {
            proposal.notional = notional
        } else {
            price = position.lastPrice
            proposal.notional = position.gross
        }
        return OrderDraft(proposal: proposal, price: price, reduceOnly: true, reason: reason)
    }
}
