public import CoreModels
public import DecisionCores
public import MarketSources

/// The synthetic market, and beside it as many more coins as are asked for: each of these has a
/// price every 2 s and a turnover that comes with it.
public struct SeededPrices: PriceSource {
    fileprivate struct Coin {
        var listing: Listing
        var ticks: Int64
        /// How far noise has carried the price from where it began, in millionths.
        var wobble: Int64 = 0
        var random: SeededRandom
    }

    /// Between two prices of one further coin, in milliseconds.
    static let pace: Int64 = 2_000

    private let origin: Timestamp
    private var market: SyntheticMarket
    private var upcoming: Observation
    private var crowd: [Coin] = []
    /// How many prices the crowd has given.
    private var turn: Int64 = 0

    /// - Parameters:
    ///   - origin: when the synthetic market's script begins.
    ///   - contracts: at least; the synthetic market's own coins are always there.
    public init(seed: UInt64, origin: Timestamp, contracts: Int = 0) {
        self.origin = origin
        market = SyntheticMarket(seed: seed, start: origin)
        upcoming = market.nextObservation()
        var seeds = SeededRandom(seed: seed &+ 0xC0DE)
        let taken = SyntheticMarket.symbols
        var number = 0
        while taken.count + crowd.count < contracts {
            let coin = Self.coin(number, SeededRandom(seed: seeds.next()))
            number += 1
            if !taken.contains(coin.listing.symbol) { crowd.append(coin) }
        }
    }

    public var listings: [Listing] { SyntheticMarket.listings + crowd.map(\.listing) }

    public mutating func next() -> Observation? {
        guard !crowd.isEmpty else { return takeUpcoming() }
        let count = Int64(crowd.count)
        let time = origin.advanced(by: turn / count * Self.pace + turn % count * Self.pace / count)
        if upcoming.timestamp <= time { return takeUpcoming() }
        let number = Int(turn % count)
        turn += 1
        return crowd[number].advance(to: time)
    }

    private mutating func takeUpcoming() -> Observation {
        defer { upcoming = market.nextObservation() }
        return upcoming
    }

    /// Named by syllables, `BABA`, `BABE` …: 4,900 names of four letters, then the same with a
    /// number.
    private static func coin(_ number: Int, _ random: SeededRandom) -> Coin {
        let consonants = Array("BDFGHKLMNPRTVZ")
        let vowels = Array("AEIOU")
        func syllable(_ number: Int) -> String {
            String([consonants[number / 5 % 14], vowels[number % 5]])
        }
        let rest = number / 4_900
        let name = syllable(number / 70) + syllable(number) + (rest == 0 ? "" : "\(rest)")
        guard let symbol = Symbol("\(name)_USDT") else {
            preconditionFailure("\(name) is no name for a coin")
        }
        var random = random
        let ticks = random.pick(10_000...99_999)
        let decimals = Int(random.pick(1...8))
        let listing = Listing(
            symbol: symbol,
            price: Price(raw: Int128(ticks) * FixedArithmetic.powerOfTen(18 - decimals)),
            decimals: decimals, turnoverPerMinute: Money(Int(random.pick(5_000...200_000))))
        return Coin(listing: listing, ticks: ticks, random: random)
    }
}

extension SeededPrices.Coin {
    fileprivate mutating func advance(to time: Timestamp) -> Observation {
        wobble += random.bell(300) - wobble / 200
        let tick = FixedArithmetic.powerOfTen(18 - listing.decimals)
        let now = max(2, ticks + ticks * wobble / 1_000_000)
        let half = max(1, now / 5_000)
        let turnover =
            listing.turnoverPerMinute.raw * Int128(random.pick(20...180)) / 100
            * Int128(SeededPrices.pace) / 60_000
        return Observation(
            symbol: listing.symbol, timestamp: time, price: Price(raw: Int128(now) * tick),
            turnover: .traded(Money(raw: turnover)),
            bid: Price(raw: Int128(max(1, now - half)) * tick),
            ask: Price(raw: Int128(now + half) * tick))
    }
}
