public import CoreModels
public import DecisionCores

/// A market out of a seed, without end: a few dozen coins with rises, falls and quiet times.
///
/// Equal seeds, starts and screener settings give equal messages on every machine: all arithmetic
/// is on integers. Each coin has a price every 1 to 3 s, together some 61,000 an hour. What
/// happens stands in `SyntheticScript`.
public struct SyntheticMarket: Sendable {
    /// 2026-01-05T00:00:00Z.
    public static let defaultStart = Timestamp(milliseconds: 1_767_571_200_000)

    /// Names the messages' feed.
    public let feed: String
    public let start: Timestamp
    /// The number of the last message given.
    public private(set) var sequence: Int64 = 0
    private let seed: UInt64
    private let hasWantedCoin: Bool
    private var prices: [SyntheticPrice]
    private var screener: ScreenerCore
    /// Hours whose episodes are known.
    private var hoursWritten: Int64 = 0

    /// `feed`: nil names it `sim-<seed>-<start in ms>`.
    public init(
        seed: UInt64 = 1, start: Timestamp = defaultStart, feed: String? = nil,
        screener settings: ScreenerSettings = .default
    ) {
        self.seed = seed
        self.start = start
        self.feed = feed ?? "sim-\(seed)-\(start.milliseconds)"
        var seeds = SeededRandom(seed: seed)
        prices = SyntheticCoin.all.map {
            SyntheticPrice($0, random: SeededRandom(seed: seeds.next()))
        }
        screener = ScreenerCore(settings: settings)
        hasWantedCoin =
            settings.whitelist.isEmpty
            || SyntheticCoin.all.contains { settings.whitelist.contains($0.symbol) }
    }

    /// The market's symbols, in no particular order.
    public static var symbols: [Symbol] { SyntheticCoin.all.map(\.symbol) }

    /// What the coins begin with, in the order of `symbols`.
    public static var listings: [Listing] {
        SyntheticCoin.all.map {
            let tick = FixedArithmetic.powerOfTen(18 - $0.decimals)
            return Listing(
                symbol: $0.symbol, price: Price(raw: Int128($0.ticks) * tick),
                decimals: $0.decimals, turnoverPerMinute: Money(Int($0.turnover)))
        }
    }

    /// The next message, in order of time; nil only when the whitelist names none of the coins.
    public mutating func next() -> MarketData? {
        while hasWantedCoin {
            let observation = nextObservation()
            guard
                case .marketData(var data) = screener.observe(
                    observation, at: observation.timestamp)
            else { continue }
            sequence += 1
            data.reference = MarketReference(feed: feed, sequence: sequence)
            return data
        }
        return nil
    }

    /// The next price before the screener, in order of time.
    public mutating func nextObservation() -> Observation {
        var next = 0
        for place in prices.indices where prices[place].nextTime < prices[next].nextTime {
            next = place
        }
        if prices[next].nextTime >= hoursWritten * SyntheticScript.hour { writeHour() }
        return prices[next].advance(start: start)
    }

    /// Passes over all messages up to this number: the windows are filled as if they were sent.
    public mutating func skip(through last: Int64) {
        while sequence < last, next() != nil {}
    }

    private mutating func writeHour() {
        for episode in SyntheticScript.episodes(seed: seed, hour: hoursWritten) {
            prices[episode.coin].add(episode)
        }
        hoursWritten += 1
    }
}
