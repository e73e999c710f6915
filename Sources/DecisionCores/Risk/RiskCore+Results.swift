import CoreModels

extension RiskCore {
    mutating func resultArrived(
        _ result: OrderResult, at now: Timestamp, into events: inout [Event]
    ) {
        guard let sequence = Stream.orders.sequence(of: result.orderID),
            sequence <= numbers.head(.orders)
        else { return unknownResult(result, at: now, into: &events) }
        guard let order = inFlight.order(sequence) else {
            counters.duplicateResults += 1
            return changes.mark(.counters)
        }
        // An order that execution could not read is answered by its id alone.
        let wasUnread =
            result.errorCode == ExecutionRefusal.invalidOrder.rawValue
            && !result.filledQuantity.isPositive
        guard wasUnread || (order.symbol == result.symbol && order.side == result.side) else {
            return unknownResult(result, at: now, into: &events)
        }
        inFlight.remove(sequence)
        changes.mark(inFlight: order)
        let isFill = result.filledQuantity.isPositive
        if isFill { book(result, of: order, at: now, into: &events) }
        reportFailure(result, of: order, at: now, into: &events)
        let cause = Self.cause(result)
        protect(cause: cause, trace: order.trace, at: now, into: &events)
        if isFill, !order.reduceOnly { flattenAll(at: now, into: &events) }
    }

    private mutating func book(
        _ result: OrderResult, of order: InFlightOrder, at now: Timestamp,
        into events: inout [Event]
    ) {
        var quantity = result.filledQuantity
        if order.reduceOnly {
            // A reduce-only fill never flips a position.
            let position = portfolio.position(order.symbol)
            let open = position.map { $0.side != order.side ? $0.quantity.magnitude : .zero }
            quantity = min(quantity, open ?? .zero)
        }
        let cause = Self.cause(result)
        guard
            !quantity.isPositive
                || apply(order.symbol, order.side, quantity, result.price ?? .zero, result.fee)
        else {
            halt("OVERFLOW", at: now)
            return raise(
                AlertDraft(
                    .critical, RefusalReason.overflow.rawValue,
                    "\(result.orderID): a fill without a price, or too large to count with, was "
                        + "not booked. Compare with the exchange before releasing.",
                    [.init("order_id", .text(result.orderID))]),
                cause: cause, trace: order.trace, at: now, into: &events)
        }
        writeAccount(cause: cause, trace: order.trace, at: now, into: &events)
        checkSlippage(result, of: order, at: now, into: &events)
    }

    /// A fill far from its quote trips the breaker, once per fill.
    private mutating func checkSlippage(
        _ result: OrderResult, of order: InFlightOrder, at now: Timestamp,
        into events: inout [Event]
    ) {
        guard let slippage = result.slippageBps ?? Self.slippageBps(result),
            let limit = Ratio(10_000).scaled(by: limits.maxSlippagePct, .towardZero),
            slippage.magnitude > limit
        else { return }
        if trading.halt == nil {
            let retry = now.advanced(by: limits.breakerRetryAfter)
            changeTrading(at: now) { $0.slippageRetry = retry }
        }
        raise(
            AlertDraft(
                .warning, RefusalReason.circuitBreaker.rawValue,
                "\(order.symbol): a fill slipped more than MAX_SLIPPAGE_PCT, new orders wait "
                    + "\(limits.circuitBreakerRetrySec) s.",
                [
                    .init("order_id", .text(order.id)), .init("slippage_bps", .number(slippage)),
                    .init("limit_bps", .number(limit)),
                ]),
            cause: Self.cause(result), trace: order.trace, at: now, into: &events)
    }

    /// A result that does not tell its slippage tells it by its two prices; positive is a loss.
    private static func slippageBps(_ result: OrderResult) -> Ratio? {
        guard let price = result.price, let reference = result.referencePrice else { return nil }
        let loss = result.side == .buy ? price - reference : reference - price
        return FixedArithmetic.multiplyThenDivide(
            loss.raw, Ratio(10_000).raw, by: reference.raw, .awayFromZero
        ).map(Ratio.init(raw:))
    }

    private mutating func reportFailure(
        _ result: OrderResult, of order: InFlightOrder, at now: Timestamp,
        into events: inout [Event]
    ) {
        let level: Alert.Level
        switch result.status {
        case .filled, .partiallyFilled, .cancelled: return
        case .rejected: level = .warning
        case .error: level = .critical
        }
        raise(
            AlertDraft(
                level, "EXECUTION_ERROR",
                "\(order.id) \(result.side.rawValue) \(result.symbol) ended as "
                    + "\(result.status.rawValue): \(result.errorCode ?? "no error code").",
                [
                    .init("order_id", .text(order.id)),
                    .init("error_code", .text(result.errorCode)),
                    .init("error_message", .text(result.errorMessage)),
                ]),
            cause: Self.cause(result), trace: order.trace, at: now, into: &events)
    }

    private mutating func unknownResult(
        _ result: OrderResult, at now: Timestamp, into events: inout [Event]
    ) {
        halt("UNKNOWN_ORDER_RESULT", at: now)
        raise(
            AlertDraft(
                .critical, "UNKNOWN_ORDER_RESULT",
                "A result for \(result.orderID) (\(result.side.rawValue) \(result.symbol)), which "
                    + "risk never sent: trading is halted. Find out who trades on this account.",
                [.init("order_id", .text(result.orderID))]),
            cause: Self.cause(result), trace: nil, at: now, into: &events)
    }

    /// `cdb trace` only: no order, no layer; drawdown is checked after it.
    mutating func fillByHand(_ fill: HandFill, at now: Timestamp, into events: inout [Event]) {
        _ = board.number(of: fill.symbol)
        guard apply(fill.symbol, fill.side, fill.quantity, fill.price, fill.fee) else {
            return raise(
                AlertDraft(
                    .critical, RefusalReason.overflow.rawValue,
                    "\(fill.symbol): a fill by hand that is not positive or too large was not "
                        + "booked."),
                cause: nil, trace: nil, at: now, into: &events)
        }
        writeAccount(cause: nil, trace: nil, at: now, into: &events)
        protect(cause: nil, trace: nil, at: now, into: &events)
        flattenAll(at: now, into: &events)
    }

    /// Books a fill and notes its price as the symbol's last; false when it cannot be counted with.
    private mutating func apply(
        _ symbol: Symbol, _ side: Side, _ quantity: Quantity, _ price: Price, _ fee: Money
    ) -> Bool {
        let before = portfolio.position(symbol)
        guard portfolio.book(symbol, side, quantity: quantity, price: price, fee: fee) else {
            return false
        }
        let after = portfolio.position(symbol)
        let number = board.number(of: symbol)
        board.markets[number].quote.last = price
        board.touch(number)
        board.markets[number].watch.lossLimit = after.map(limits.lossLimit)
        if before?.side != after?.side {
            board.setStopLossReached(false, number)
            board.markets[number].watch.exitNotBefore = nil
            changes.mark(watchOf: symbol)
        }
        changes.mark(.account)
        changes.mark(position: symbol)
        wakeUp = Timestamp(milliseconds: .min)
        return true
    }

    /// A halt of the engine's own; one that is there already keeps its reason.
    private mutating func halt(_ reason: String, at now: Timestamp) {
        guard trading.halt == nil else { return }
        changeTrading(at: now) { $0.enterHalt(reason, at: now) }
    }

    private static func cause(_ result: OrderResult) -> String? {
        result.envelope.id.isEmpty ? nil : result.envelope.id
    }
}

extension Stream {
    /// The sequence in an id this stream gave; nil for any other text.
    func sequence(of id: String) -> Int64? {
        let prefix = "\(rawValue)-"
        guard id.hasPrefix(prefix), let sequence = Int64(id.dropFirst(prefix.count)),
            sequence > 0, self.id(sequence) == id
        else { return nil }
        return sequence
    }
}
