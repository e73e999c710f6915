public import CoreModels

extension RiskCore {
    /// How far ahead of the clock a market_data may be.
    static let aheadLimit: Int64 = 60_000

    /// The hot path: with nothing held of the symbol and no deadline due it only notes the quote.
    ///
    /// - Parameter hint: the number another table gives to the symbol; mostly it is ours too.
    public mutating func marketDataSeen(
        _ data: borrowing MarketData, at now: Timestamp, hint: Int = -1,
        into events: inout [Event]
    ) {
        if now >= wakeUp { advance(to: now, into: &events) }
        guard data.price.isPositive, data.timestamp.since(now) <= Self.aheadLimit else {
            return refuseMarketData()
        }
        if day.isOver(at: data.timestamp) { beginDay(data.timestamp.startOfDay, into: &events) }
        let number =
            board.index.isNumber(hint, of: data.symbol) ? hint : board.number(of: data.symbol)
        let held = board.watches[number].lossLimit == nil ? nil : portfolio.place(of: data.symbol)
        if let held {
            guard portfolio.mark(place: held, at: data.price) else { return refuseMarketData() }
        }
        board.apply(data, to: number, at: now)
        lastReceipt = now
        if trading.silenceAnnounced || trading.isSilent || board.watches[number].silenceAnnounced {
            endSilence(number, at: now)
        }
        let minute = data.timestamp.milliseconds / 60_000
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
        if board.watches[number].silenceAnnounced {
            board.watches[number].silenceAnnounced = false
            changes.mark(watchOf: board.index.symbols[number])
        }
        wakeUp = Timestamp(milliseconds: .min)
    }
}
