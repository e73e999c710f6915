import MarketSources

/// A contract's minutes without a gap, the running one last.
struct CandleHistory: Sendable {
    /// As many as one reply may hold; beyond it and some slack the oldest are dropped.
    static let limit = 2_000
    private static let slack = 400
    private static let day = 1_440

    /// Minutes since the epoch.
    private(set) var firstMinute: Int64
    private(set) var candles: [Candle]
    /// Of the closed minutes of the last 24 h.
    private var closed: Day
    /// What a minute of the past usually had: stands for minutes of the day that are not held.
    private let usual: (contracts: Int64, amount: Int128)

    private struct Day {
        var high = Int64.min
        var low = Int64.max
        var contracts: Int64 = 0
        var amount: Int128 = 0
        var missing: Int64 = 0
    }

    /// A past of `minutes` up to `minute`, which begins at `ticks`; with `contracts` a minute it
    /// wanders there, with none it is flat.
    init(
        minutes: Int, before minute: Int64, ticks: Int64, contracts usual: Int64,
        random: SeededRandom
    ) {
        var random = random
        var past: [Candle] = []
        past.reserveCapacity(minutes + Self.slack)
        var close = ticks
        for _ in 0..<minutes {
            let open =
                usual == 0 ? close : max(1, close + close * random.bell(600) / 1_000_000)
            var candle = Candle(flat: open)
            // One minute in twenty passes without a trade.
            if usual > 0, open != close || random.pick(0...19) > 0 {
                let count = max(4, usual * random.pick(20...180) / 100)
                let reach = max(1, close / 4_000)
                candle.trade(max(1, open + random.pick(-reach...reach)), count / 4)
                candle.trade(max(1, open + random.pick(-reach...reach)), count / 4)
                candle.trade(close, count - count / 4 * 2)
            }
            past.append(candle)
            close = open
        }
        past.reverse()
        let contracts = past.reduce(0) { $0 + $1.contracts } / Int64(max(1, minutes))
        let amount = past.reduce(0) { $0 + $1.amount } / Int128(max(1, minutes))
        self.usual = (contracts, amount)
        firstMinute = minute - Int64(minutes)
        candles = past + [Candle(flat: ticks)]
        closed = Day()
        sumUp()
    }

    var lastMinute: Int64 { firstMinute + Int64(candles.count) - 1 }
    var last: Candle { candles[candles.count - 1] }

    /// Goes on to a minute, flat where nothing was traded.
    mutating func roll(to minute: Int64) {
        guard minute > lastMinute else { return }
        let missing = minute - lastMinute
        let price = last.close
        if missing > Int64(Self.limit) {
            candles = Array(repeating: Candle(flat: price), count: Self.limit)
            firstMinute = minute - Int64(Self.limit) + 1
        } else {
            for _ in 0..<missing { candles.append(Candle(flat: price)) }
        }
        if candles.count > Self.limit + Self.slack {
            firstMinute += Int64(candles.count - Self.limit)
            candles.removeFirst(candles.count - Self.limit)
        }
        sumUp()
    }

    mutating func trade(_ ticks: Int64, _ contracts: Int64) {
        candles[candles.count - 1].trade(ticks, contracts)
    }

    private mutating func sumUp() {
        var day = Day()
        for candle in candles.dropLast().suffix(Self.day - 1) {
            day.high = max(day.high, candle.high)
            day.low = min(day.low, candle.low)
            day.contracts += candle.contracts
            day.amount += candle.amount
        }
        day.missing = Int64(max(0, Self.day - candles.count))
        closed = day
    }

    /// High, low, contracts and ticks × contracts of the last 24 h.
    var day: (high: Int64, low: Int64, contracts: Int64, amount: Int128) {
        (
            max(closed.high, last.high), min(closed.low, last.low),
            closed.contracts + last.contracts + closed.missing * usual.contracts,
            closed.amount + last.amount + Int128(closed.missing) * usual.amount
        )
    }

    /// The price 24 h ago, or the oldest that is known.
    var reference: Int64 { candles[max(0, candles.count - Self.day)].open }

    /// The window that runs.
    func running(_ interval: CandleInterval) -> (minute: Int64, candle: Candle) {
        joined(interval, from: interval.start(of: lastMinute), through: lastMinute)[0]
    }

    /// The windows that begin in `from ... through`, at most `limit`: the earliest of them when a
    /// beginning is given, else the latest.
    func windows(
        _ interval: CandleInterval, from: Int64?, through: Int64?
    ) -> [(minute: Int64, candle: Candle)] {
        let last = min(through ?? .max, lastMinute)
        guard let from else {
            let reach = Int64(Self.limit) * interval.minutes
            return joined(interval, from: last - reach + 1, through: last)
                .suffix(Self.limit).map { $0 }
        }
        return joined(interval, from: from, through: last).prefix(Self.limit).map { $0 }
    }

    private func joined(
        _ interval: CandleInterval, from: Int64, through: Int64
    ) -> [(minute: Int64, candle: Candle)] {
        var windows: [(minute: Int64, candle: Candle)] = []
        var minute = max(from, firstMinute)
        while minute <= lastMinute {
            let candle = candles[Int(minute - firstMinute)]
            let start = interval.start(of: minute)
            if windows.last?.minute == start {
                windows[windows.count - 1].candle.join(candle)
            } else if start > through {
                break
            } else if start >= from {
                windows.append((start, candle))
            }
            minute += 1
        }
        return windows
    }
}
