public import CoreModels

extension RiskCore {
    /// How far ahead of the clock a market_data may be.
    static let aheadLimit: Int64 = 60_000

    /// With nothing held of the symbol and no deadline due it only notes the quote.
    public mutating func marketDataSeen(
        _ messages: Span<MarketData>, _ place: Int, at now: Timestamp, hint: Int,
        into events: inout [Event]
    ) {
        look(messages, place, at: now, hint: hint, into: &events)
    }

    /// As `marketDataSeen`, within the caller: there a call is a thirtieth of all work.
    @inline(always)
    mutating func look(
        _ messages: Span<MarketData>, _ place: Int, at now: Timestamp, hint: Int,
        into events: inout [Event]
    ) {
        if now >= wakeUp { advance(to: now, into: &events) }
        let time = messages[place].timestamp
        let price = messages[place].price
        guard price.isPositive, time.since(now) <= Self.aheadLimit else {
            return refuseMarketData()
        }
        if day.isOver(at: time) { beginDay(time.startOfDay, into: &events) }
        let symbol = messages[place].symbol
        let number = board.index.isNumber(hint, of: symbol) ? hint : board.number(of: symbol)
        let held = board.markets[number].watch.lossLimit == nil ? nil : portfolio.place(of: symbol)
        if let held {
            guard portfolio.mark(place: held, at: price) else { return refuseMarketData() }
        }
        board.markets[number].see(messages, place, at: now)
        board.touch(number)
        lastReceipt = now
        if trading.silenceAnnounced || trading.isSilent
            || board.markets[number].watch.silenceAnnounced
        {
            endSilence(number, at: now)
        }
        let minute = time.milliseconds / 60_000
        if minute > day.minute {
            day.minute = minute
            changes.mark(.day)
            if samplesAccounts {
                sample = AccountSample(
                    equity: equity, exposure: exposure, dayStartEquity: day.startEquity,
                    timestamp: now)
            } else {
                writeAccount(cause: nil, trace: nil, at: now, into: &events)
            }
        }
        if let held {
            protect(cause: nil, trace: nil, at: now, into: &events)
            checkStopLoss(held, number, at: now, into: &events)
        }
        if needsExits { sendExits(at: now, into: &events) }
    }

    private mutating func refuseMarketData() {
        counters.marketDataRefused += 1
        changes.mark(.counters)
    }

    private mutating func endSilence(_ number: Int, at now: Timestamp) {
        if trading.silenceAnnounced || trading.isSilent {
            changeTrading(at: now) {
                $0.isSilent = false
                $0.silenceAnnounced = false
                $0.feedReturned = now
            }
        }
        if board.markets[number].watch.silenceAnnounced {
            board.markets[number].watch.silenceAnnounced = false
            changes.mark(watchOf: board.index.symbols[number])
        }
        wakeUp = Timestamp(milliseconds: .min)
    }
}
