import CoreModels
import DecisionCores

/// One coin on its way through the synthetic market.
struct SyntheticPrice: Sendable {
    let coin: SyntheticCoin
    /// When its next price comes, in milliseconds since the market's start.
    private(set) var nextTime: Int64
    private var random: SeededRandom
    private var lastTime: Int64 = 0
    /// Where the price would be without noise; 10⁹ is where it began.
    private var anchor: Int64 = 1_000_000_000
    /// How far noise has carried it from there, in millionths.
    private var wobble: Int64 = 0
    /// To come, the current one included; one after the other, as they stand.
    private var episodes: [SyntheticEpisode] = []

    init(_ coin: SyntheticCoin, random: SeededRandom) {
        self.coin = coin
        self.random = random
        nextTime = self.random.pick(0...2_999)
    }

    mutating func add(_ episode: SyntheticEpisode) { episodes.append(episode) }

    /// The coin's next price, and on to the one after it: 1 to 3 s later.
    mutating func advance(start: Timestamp) -> Observation {
        let time = nextTime
        var spreadFactor: Int64 = 1
        var level = anchor
        while let episode = episodes.first, episode.start <= time {
            spreadFactor = max(spreadFactor, episode.spreadFactor)
            if episode.end > time {
                level = episode.level(from: anchor, at: time)
                break
            }
            anchor = episode.level(from: anchor, at: episode.end)
            level = anchor
            episodes.removeFirst()
        }
        // Noise is pulled back within about five minutes.
        wobble += random.bell(coin.noise) - wobble * (time - lastTime) / 300_000
        let isLively = level != anchor || spreadFactor > 1
        let observation = observation(
            at: start.advanced(by: time), level: level + level * wobble / 1_000_000,
            spread: coin.spread * spreadFactor, turnover: turnover(time - lastTime, isLively))
        lastTime = time
        nextTime = time + random.pick(1_000...3_000)
        return observation
    }

    private mutating func turnover(_ elapsed: Int64, _ isLively: Bool) -> Money {
        let usual = coin.turnover * 100 * elapsed / 60_000
        let cents = usual * random.pick(20...180) / 100 * (isLively ? 3 : 1)
        return Money(raw: Int128(cents) * FixedArithmetic.powerOfTen(16))
    }

    private func observation(
        at time: Timestamp, level: Int64, spread: Int64, turnover: Money
    ) -> Observation {
        let tick = FixedArithmetic.powerOfTen(18 - coin.decimals)
        let ticks = max(2, Int128(coin.ticks) * Int128(level) / 1_000_000_000)
        let half = max(1, ticks * Int128(spread) / 2_000_000)
        return Observation(
            symbol: coin.symbol, timestamp: time, price: Price(raw: ticks * tick),
            turnover: .traded(turnover), bid: Price(raw: max(1, ticks - half) * tick),
            ask: Price(raw: (ticks + half) * tick), source: .replay)
    }
}
