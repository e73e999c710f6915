import CoreModels
import MarketSources

/// Contracts that stand in every list beside those with prices of a source: what a screener has to
/// leave out. Names and plates are those that the exchange uses.
enum OddContracts {
    private struct Oddity {
        var name: String
        var ticks: Int64
        var decimals: Int
        var type: Int64 = 2
        var state = Contract.State.enabled
        var isHidden = false
        var settle: String?
        var concepts: [String] = ["mc-trade-zone-0fees"]
    }

    private static let all: [Oddity] = [
        Oddity(
            name: "XAU_USDT", ticks: 408_125, decimals: 2, type: 1,
            concepts: ["mc-trade-zone-metals", "mc-trade-zone-tradfi"]),
        Oddity(
            name: "SILVER_USDT", ticks: 7_162, decimals: 2,
            concepts: ["mc-trade-zone-contract-new", "mc-trade-zone-Commodities"]),
        Oddity(
            name: "TSLASTOCK_USDT", ticks: 41_233, decimals: 2,
            concepts: ["mc-trade-zone-Stock", "mc-trade-zone-0fees", "mc-trade-zone-tradfi"]),
        Oddity(
            name: "SPX500_USDT", ticks: 684_510, decimals: 2,
            concepts: ["mc-trade-zone-Stock", "mc-trade-zone-tradfi", "mc-trade-zone-stockindex"]),
        Oddity(
            name: "EUR_USDT", ticks: 115_870, decimals: 5, type: 1,
            concepts: ["mc-trade-zone-tradfi", "mc-trade-zone-Forex"]),
        // Settled in the coin, or quoted in another one.
        Oddity(name: "BTC_USD", ticks: 961_230, decimals: 1, type: 1, settle: "BTC"),
        Oddity(name: "ETH_USDC", ticks: 331_250, decimals: 2, type: 1),
        Oddity(name: "PAUSED_USDT", ticks: 5_512, decimals: 4, type: 1, state: .paused),
        Oddity(name: "OFFLINE_USDT", ticks: 90_120, decimals: 6, type: 1, state: .offline),
        // Its book is empty and frozen.
        Oddity(name: "DELISTED_USDT", ticks: 3_344, decimals: 5, type: 1, state: .delivered),
        Oddity(name: "HIDDEN_USDT", ticks: 77_015, decimals: 4, type: 1, isHidden: true),
    ]

    /// Those whose symbol is not taken, numbered from `id` on.
    static func contracts(from id: Int64, seed: UInt64, taken: SymbolIndex) -> [(
        contract: Contract, price: Price
    )] {
        var found: [(contract: Contract, price: Price)] = []
        for oddity in all {
            guard let symbol = Symbol(oddity.name) else {
                preconditionFailure("\(oddity.name) is no symbol")
            }
            if taken.find(symbol) != nil { continue }
            let price = Price(
                raw: Int128(oddity.ticks) * FixedArithmetic.powerOfTen(18 - oddity.decimals))
            let listing = Listing(
                symbol: symbol, price: price, decimals: oddity.decimals,
                turnoverPerMinute: oddity.state == .enabled ? Money(40_000) : .zero)
            var contract = Contract(listing, id: id + Int64(found.count), seed: seed)
            contract.type = oddity.type
            contract.state = oddity.state
            contract.isHidden = oddity.isHidden
            contract.concepts = oddity.concepts
            contract.settle = oddity.settle ?? contract.quote
            found.append((contract, price))
        }
        return found
    }
}
