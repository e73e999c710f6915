import CoreModels
import DecisionCores
@testable import MarketSources
import Testing

@Suite("The synthetic market")
struct SyntheticMarketTests {
    /// FNV-1a over everything a message says.
    static func fingerprint(seed: UInt64, count: Int) -> UInt64 {
        var market = SyntheticMarket(seed: seed)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for _ in 0..<count {
            guard let data = market.next() else { return 0 }
            for byte in "\(data)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        }
        return hash
    }

    @Test("is the same in every run, and another for another seed")
    func deterministic() {
        let first = Self.fingerprint(seed: 1, count: 3_000)
        #expect(first == Self.fingerprint(seed: 1, count: 3_000))
        #expect(first != Self.fingerprint(seed: 2, count: 3_000))
    }

    @Test("numbers its messages from 1 and can be taken up after any of them")
    func resumed() {
        var whole = SyntheticMarket(seed: 3)
        for _ in 0..<5_000 { _ = whole.next() }
        var later = SyntheticMarket(seed: 3)
        later.skip(through: 5_000)
        #expect(later.sequence == 5_000)
        for _ in 0..<1_000 { #expect(later.next() == whole.next()) }
    }

    @Test("goes on for hours, in order of time, with sound prices and books")
    func sound() throws {
        var market = SyntheticMarket(seed: 4, feed: "x")
        var last = market.start
        var count: Int64 = 0
        let end = market.start.advanced(by: 2 * 3_600_000)
        while last < end {
            let next = market.next()
            let data = try #require(next)
            count += 1
            let bid = try #require(data.bid)
            let ask = try #require(data.ask)
            guard data.timestamp >= last, bid.isPositive, bid < data.price, data.price < ask,
                data.reference == MarketReference(feed: "x", sequence: count)
            else {
                Issue.record("message \(count) is not sound: \(data)")
                return
            }
            last = data.timestamp
        }
        // 36 coins, each every 2 s on average.
        #expect((118_000...132_000).contains(count))
    }

    @Test("holds a price of many decimals and a large one")
    func scales() throws {
        var market = SyntheticMarket()
        var first: [Symbol: Price] = [:]
        for _ in 0..<200 {
            let observation = market.nextObservation()
            if first[observation.symbol] == nil { first[observation.symbol] = observation.price }
        }
        #expect(first.count == SyntheticMarket.symbols.count)
        let drift = try #require(Symbol("DRIFT_USDT").flatMap { first[$0] })
        let ember = try #require(Symbol("EMBER_USDT").flatMap { first[$0] })
        #expect(drift < Price("0.00000000004") ?? .zero)
        #expect(ember > Price(400_000))
    }

    @Test("says nothing when the whitelist names none of its coins")
    func whitelist() throws {
        let other = try #require(Symbol("NOSUCH_USDT"))
        var silent = SyntheticMarket(screener: ScreenerSettings(whitelist: [other]))
        #expect(silent.next() == nil)
        let bitcoin = try #require(Symbol("BTC_USDT"))
        var narrow = SyntheticMarket(screener: ScreenerSettings(whitelist: [bitcoin, other]))
        for _ in 0..<100 { #expect(narrow.next()?.symbol == bitcoin) }
    }

    @Test("knows every coin once, and no coin does two things at once in the first hour")
    func script() {
        #expect(Set(SyntheticMarket.symbols).count == SyntheticMarket.symbols.count)
        for seed in 1...50 as ClosedRange<UInt64> {
            let episodes = SyntheticScript.episodes(seed: seed, hour: 0)
            for coin in SyntheticCoin.all.indices {
                let mine = episodes.filter { $0.coin == coin }
                for (earlier, later) in zip(mine, mine.dropFirst()) {
                    #expect(earlier.end <= later.start, "seed \(seed), coin \(coin)")
                }
            }
        }
    }
}
