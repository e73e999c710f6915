public import CoreModels
public import DecisionCores

extension Observation: TimeOrdered {
    public var time: Timestamp { timestamp }
}

extension MarketRow {
    /// A trade's price or a candle's close, the whole turnover traded for it.
    @inline(__always) var lastPrice: Observation {
        step(candle?.time(4, from: time) ?? time, price, turnover)
    }

    /// A candle's k-th price stands at open time + k × interval / 4; the whole turnover counts at
    /// the close (docs/ARCHITECTURE.md, Recorded files as a market).
    func insert(_ candle: Candle, into queue: inout OrderedQueue<Observation>, _ mode: CandleMode) {
        switch mode {
        case .close: break
        case .path:
            let rose = price >= candle.open
            queue.insert(step(candle.time(1, from: time), candle.open))
            queue.insert(step(candle.time(2, from: time), rose ? candle.low : candle.high))
            queue.insert(step(candle.time(3, from: time), rose ? candle.high : candle.low))
        }
        queue.insert(step(candle.time(4, from: time), price, turnover))
    }

    @inline(__always)
    private func step(
        _ time: Timestamp, _ price: Price, _ turnover: Money = .zero
    ) -> Observation {
        Observation(
            symbol: symbol, timestamp: time, price: price, turnover: .traded(turnover),
            source: .replay)
    }
}

extension MarketRow.Candle {
    /// When its first price is seen.
    func firstTime(from openTime: Timestamp, _ mode: CandleMode) -> Timestamp {
        switch mode {
        case .close: time(4, from: openTime)
        case .path: time(1, from: openTime)
        }
    }

    func time(_ k: Int64, from openTime: Timestamp) -> Timestamp {
        openTime.advanced(by: k * interval / 4)
    }
}
