import CoreModels
import MarketSources

/// The terms of one contract, as the exchange's list describes it.
struct Contract: Sendable {
    /// As the exchange counts them.
    enum State: Int64, Sendable {
        case enabled = 0
        case delivered = 2
        case offline = 3
        case paused = 4
    }

    let id: Int64
    let symbol: Symbol
    let name: String
    let base: String
    let quote: String
    /// Digits after the point of its prices; the price step is 10^-`decimals`.
    let decimals: Int
    /// Base units per contract.
    let contractSize: Quantity
    var settle: String
    var state = State.enabled
    var isHidden = false
    /// 1 crypto, 2 anything else.
    var type: Int64 = 1
    var concepts: [String]
    /// How far an order's price may lie from the market, as a share: 0.1 or 0.2.
    let priceBand: Ratio
    let takerFee: Ratio
    let makerFee: Ratio
    let fundingRate: Ratio
    let maximumLeverage: Int64
    let openInterest: Int64

    /// Ticks beyond this would not leave room for sums over a day.
    private static let mostTicks: Int128 = 10_000_000_000

    init(_ listing: Listing, id: Int64, seed: UInt64) {
        self.id = id
        symbol = listing.symbol
        name = symbol.description
        let parts = name.split(separator: "_")
        base = String(parts[0])
        quote = String(parts[1])
        settle = quote
        decimals = Self.decimals(listing)
        var random = SeededRandom(seed: symbol.quickHash ^ seed)
        contractSize = Self.size(price: listing.price, random.pick(0...5))
        let isMajor = random.pick(0...2) == 0
        concepts =
            isMajor
            ? ["mc-trade-zone-pow", "mc-trade-zone-layer2"] : ["mc-trade-zone-0fees"]
        priceBand = Ratio(raw: FixedArithmetic.one / (isMajor ? 10 : 5))
        takerFee = Ratio(raw: FixedArithmetic.powerOfTen(14) * Int128(random.pick(0...4)))
        makerFee = Ratio(raw: FixedArithmetic.powerOfTen(14) * Int128(random.pick(0...1)))
        fundingRate = Ratio(raw: FixedArithmetic.powerOfTen(12) * Int128(random.pick(-50...100)))
        maximumLeverage = isMajor ? 200 : 50
        openInterest = random.pick(100_000...9_000_000)
    }

    private static func decimals(_ listing: Listing) -> Int {
        var decimals = listing.decimals
        while decimals > 0,
            listing.price.raw / FixedArithmetic.powerOfTen(18 - decimals) > mostTicks
        {
            decimals -= 1
        }
        return decimals
    }

    /// Worth a few USDT: a power of ten, now and then twice or five times one.
    private static func size(price: Price, _ draw: Int64) -> Quantity {
        let ten = 10 * FixedArithmetic.one
        var size = FixedArithmetic.one
        while worth(price, size) > ten, size > 1_000 { size /= 10 }
        while worth(price, size * 10) <= ten, size < FixedArithmetic.powerOfTen(34) { size *= 10 }
        let factor: Int128 = draw == 4 ? 2 : draw == 5 ? 5 : 1
        return Quantity(raw: size * factor)
    }

    private static func worth(_ price: Price, _ size: Int128) -> Int128 {
        price.times(Quantity(raw: size), .towardZero)?.raw ?? .max
    }

    /// One tick of price, raw.
    var tick: Int128 { FixedArithmetic.powerOfTen(18 - decimals) }

    /// What one tick is worth on one contract, raw.
    var tickValue: Int128 { max(1, tick * contractSize.raw / FixedArithmetic.one) }

    /// Nearest number of ticks, at least one.
    func ticks(_ price: Price) -> Int64 {
        Int64(clamping: max(1, FixedArithmetic.divide(price.raw, by: tick, .nearest)))
    }

    func price(_ ticks: Int64) -> Int128 { Int128(ticks) * tick }

    /// It trades: prices move, deals come.
    var isTrading: Bool { state == .enabled }
}
