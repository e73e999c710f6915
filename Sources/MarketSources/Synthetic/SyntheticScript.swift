import CoreModels

/// What happens in the synthetic market, hour by hour.
///
/// The first hour shows a newcomer everything the decision chain can do with the default settings:
/// signals in both directions, approvals, trims, refusals of several layers, stop-losses, and at
/// its fiftieth minute a fall of the whole market that costs more than a day may cost. The
/// hours after it are quiet, with a few rises and falls by chance.
struct SyntheticScript: Sendable {
    static let hour: Int64 = 3_600_000
    /// When the whole market falls in the first hour.
    static let fall: Int64 = 50 * 60_000

    private var random: SeededRandom
    private var episodes: [SyntheticEpisode] = []

    /// The episodes of one hour, in order of their start.
    static func episodes(seed: UInt64, hour: Int64) -> [SyntheticEpisode] {
        var script = SyntheticScript(
            random: SeededRandom(seed: seed &* 0x2545_F491_4F6C_DD1D &+ UInt64(hour)))
        if hour == 0 { script.writeFirstHour() } else { script.writeQuietHour(hour) }
        return script.episodes.sorted { ($0.start, $0.coin) < ($1.start, $1.coin) }
    }

    private init(random: SeededRandom) { self.random = random }

    private mutating func writeFirstHour() {
        writePrelude()
        writeOddities()
        writeRally()
        writeFall()
    }

    /// Five coins rise one after another and give most of it back: bought in steps up to the limit
    /// of a position and of all positions, stopped out or sold.
    private mutating func writePrelude() {
        for (place, coin) in SyntheticCoin.prelude.enumerated() {
            let start = 60 + 150 * Int64(place)
            move(coin, at: start, seconds: 360, percent: 9)
            if place % 2 == 0 {
                // Back at once: through the stop.
                move(coin, at: start + 450, seconds: 120, percent: -8)
            } else {
                // A plateau as long as the window, then down: sold on the signal.
                move(coin, at: start + 1_380, seconds: 240, percent: -7)
            }
        }
    }

    /// What the other layers are for.
    private mutating func writeOddities() {
        // Too fast: more than 10 % within five minutes trips the coin's circuit breaker.
        move(SyntheticCoin.volt, at: 150, seconds: 180, percent: 18)
        move(SyntheticCoin.volt, at: 1_500, seconds: 180, percent: -12)
        // Down without anybody holding it.
        move(SyntheticCoin.gloom, at: 330, seconds: 240, percent: -8)
        // A rise on a book five times and more as wide as usual.
        move(SyntheticCoin.fog, at: 1_860, seconds: 300, percent: 7, spreadFactor: 12)
        move(SyntheticCoin.fog, at: 2_220, seconds: 180, percent: -7)
    }

    /// Seven coins rise together, calmly: the account is full when the fall comes.
    private mutating func writeRally() {
        for (place, coin) in SyntheticCoin.rally.enumerated() {
            move(coin, at: 2_160 + 25 * Int64(place), seconds: 560, percent: 8)
        }
    }

    /// Between two prices every coin loses about a fifth, then a little more, then recovers some.
    private mutating func writeFall() {
        for coin in SyntheticCoin.all.indices {
            episodes.append(
                SyntheticEpisode(
                    coin: coin, start: Self.fall, duration: 0,
                    change: -random.pick(190_000...230_000), spreadFactor: 3))
            episodes.append(
                SyntheticEpisode(
                    coin: coin, start: Self.fall + 1, duration: 120_000,
                    change: -random.pick(10_000...40_000), spreadFactor: 3))
            episodes.append(
                SyntheticEpisode(
                    coin: coin, start: Self.fall + 300_000, duration: 1_200_000,
                    change: random.pick(150_000...250_000)))
        }
    }

    private mutating func writeQuietHour(_ hour: Int64) {
        for _ in 0..<8 {
            let size = random.pick(30_000...90_000)
            let start = hour * Self.hour + random.pick(0...Self.hour - 1_200_000)
            let duration = random.pick(180_000...600_000)
            let change = random.pick(0...1) == 0 ? size : -size
            let coin = Int(random.pick(0...Int64(SyntheticCoin.all.count) - 1))
            episodes.append(
                SyntheticEpisode(coin: coin, start: start, duration: duration, change: change))
            // It comes back, so that prices wander for years without running away.
            episodes.append(
                SyntheticEpisode(
                    coin: coin, start: start + duration + random.pick(60_000...300_000),
                    duration: duration * 2,
                    change: 1_000_000 * 1_000_000 / (1_000_000 + change) - 1_000_000))
        }
    }

    /// A movement of the first hour: up to 10 s later and 5 % larger or smaller than written.
    private mutating func move(
        _ coin: SyntheticCoin, at second: Int64, seconds: Int64, percent: Int64,
        spreadFactor: Int64 = 1
    ) {
        guard let place = SyntheticCoin.all.firstIndex(where: { $0.symbol == coin.symbol }) else {
            preconditionFailure("\(coin.symbol) is not in the synthetic market")
        }
        episodes.append(
            SyntheticEpisode(
                coin: place, start: second * 1000 + random.pick(0...10_000),
                duration: seconds * 1000, change: percent * random.pick(9_500...10_500),
                spreadFactor: spreadFactor))
    }
}
