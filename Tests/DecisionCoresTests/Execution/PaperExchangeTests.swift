import CoreModels
import DecisionCores
import Testing

@Suite("PaperExchange")
struct PaperExchangeTests {
    private func quote(
        _ price: String, bid: String? = nil, ask: String? = nil, volume: String = "1000000000"
    ) -> PaperQuote {
        PaperQuote(
            price: Make.fixed(price), bid: bid.map { Make.fixed($0) },
            ask: ask.map { Make.fixed($0) }, volume: Make.fixed(volume), receivedAt: Make.at(0))
    }

    @Test(
        "BUY at the ask, SELL at the bid, without a usable book at the last price ± half the spread",
        arguments: [
            (Side.buy, "44990", "45010", "45010", "45032.505"),
            (.sell, "44990", "45010", "44990", "44967.505"),
            (.buy, nil, nil, "45004.5", "45027.00225"),
            (.sell, nil, nil, "44995.5", "44973.00225"),
            // One-sided, crossed and empty books are not used.
            (.buy, nil, "45010", "45004.5", "45027.00225"),
            (.sell, "44990", nil, "44995.5", "44973.00225"),
            (.buy, "45010", "44990", "45004.5", "45027.00225"),
            (.sell, "0", "45010", "44995.5", "44973.00225"),
            // A locked one is.
            (.buy, "45000", "45000", "45000", "45022.5"),
        ] as [(Side, String?, String?, String, String)])
    func prices(
        side: Side, bid: String?, ask: String?, quotePrice: String, price: String
    ) throws {
        let fill = try PaperExchange(settings: .default)
            .fill(side, Make.fixed("0.01"), against: quote("45000", bid: bid, ask: ask))
        #expect(fill.quotePrice == Make.fixed(quotePrice))
        #expect(fill.price == Make.fixed(price))
        #expect(fill.slippageBps == Ratio(5))
        #expect(fill.quantity == Make.fixed("0.01"))
    }

    @Test(
        "notional beyond 1 % of the turnover pays one basis point per further 1 %, up to 10 %",
        arguments: [
            ("0.5", "0.5", "100.05", "5"), ("1", "1", "100.05", "5"),
            ("1.5", "1.5", "100.055", "5.5"), ("2", "2", "100.06", "6"),
            ("5", "5", "100.09", "9"), ("10", "10", "100.14", "14"),
            ("10.00000001", "10", "100.14", "14"), ("5000", "10", "100.14", "14"),
        ])
    func impact(ordered: String, filled: String, price: String, slippage: String) throws {
        let fill = try PaperExchange(settings: .default).fill(
            .buy, Make.fixed(ordered),
            against: quote("90", bid: "99", ask: "100", volume: "10000"))
        #expect(fill.quantity == Make.fixed(filled))
        #expect(fill.price == Make.fixed(price))
        #expect(fill.slippageBps == Make.fixed(slippage))
    }

    @Test("a quantity cut to the turnover is floored to 8 decimals")
    func flooredCut() throws {
        let fill = try PaperExchange(settings: .default)
            .fill(.buy, Quantity(10), against: quote("3", bid: "3", ask: "3", volume: "100"))
        #expect(fill.quantity == Make.fixed("3.33333333"))
    }

    @Test(
        "where nothing can be filled the reason is told",
        arguments: [
            ("100", "0", "1", ExecutionRefusal.noLiquidity),
            ("100", "-5", "1", .noLiquidity),
            ("100", "0.000001", "1", .noLiquidity),
            ("0.000000000000000001", "1000", "1", .noLiquidity),
            ("170141183460469231731", "1000", "1", .overflow),
            ("170141183460469231", "1000", "170141183460", .overflow),
        ])
    func nothing(price: String, volume: String, quantity: String, expected: ExecutionRefusal) {
        let exchange = PaperExchange(settings: .default)
        let side: Side = expected == .overflow ? .buy : .sell
        #expect(throws: expected) {
            try exchange.fill(side, Make.fixed(quantity), against: quote(price, volume: volume))
        }
    }

    @Test(
        "the fee is its share of the filled notional, rounded up",
        arguments: [
            ("10", "0.4502700225"), ("0", "0"), ("7.5", "0.337702516875"), ("1", "0.04502700225"),
        ])
    func fee(bps: String, expected: String) throws {
        let fill = try PaperExchange(settings: PaperSettings(feeBps: Make.fixed(bps)))
            .fill(.buy, Make.fixed("0.01"), against: quote("45000"))
        #expect(fill.fee == Make.fixed(expected))
    }

    @Test("prices round against the trader in the 18th decimal, fees up")
    func lastDecimal() throws {
        let exchange = PaperExchange(settings: .default)
        let price = "0.000000000029470001"
        let buy = try exchange.fill(
            .buy, Quantity(1), against: quote(price, bid: price, ask: price))
        let sell = try exchange.fill(
            .sell, Quantity(1), against: quote(price, bid: price, ask: price))
        // 29470001 × 1.0005 = 29484736.0005 and × 0.9995 = 29455265.9995
        #expect(buy.price == Make.fixed("0.000000000029484737"))
        #expect(sell.price == Make.fixed("0.000000000029455265"))
        #expect(buy.fee == Make.fixed("0.000000000000029485"))
    }

    @Test("no fill ever flatters", arguments: 1...8 as ClosedRange<UInt64>)
    func neverFlatters(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        var fills = 0
        for _ in 0..<500 {
            let scale = FixedArithmetic.powerOfTen(random.below(14))
            let bid = Price(raw: (FixedArithmetic.one / scale) * Int128(1 + random.below(100_000)))
            let ask = bid + Price(raw: bid.raw / Int128(1 + random.below(1000)))
            let quantity = Quantity(raw: Int128(1 + random.below(1_000_000_000)) * 10_000_000_000)
            let settings = PaperSettings(
                slippageBps: Ratio(random.below(20)), feeBps: Ratio(random.below(30)))
            let exchange = PaperExchange(settings: settings)
            let market = PaperQuote(
                price: bid, bid: bid, ask: ask, volume: Money(random.below(10_000_000)),
                receivedAt: Make.at(0))
            for side in Side.allCases {
                guard let fill = try? exchange.fill(side, quantity, against: market) else {
                    continue
                }
                fills += 1
                #expect(side == .buy ? fill.price >= ask : fill.price <= bid, "seed \(seed)")
                #expect(fill.quantity <= quantity && fill.quantity.isPositive)
                #expect(fill.slippageBps >= .zero)
                // The exact fee in 256 bits: no smaller fee covers price × quantity × rate.
                let least = fill.price.times(fill.quantity, .towardZero)?
                    .scaled(by: Ratio(raw: settings.feeBps.raw / 10_000), .towardZero)
                #expect(fill.fee >= (least ?? .zero), "seed \(seed)")
                #expect(try exchange.fill(side, quantity, against: market) == fill)
                let notional = try #require(fill.quotePrice.times(fill.quantity, .towardZero))
                #expect(notional <= Money(raw: market.volume.raw / 10))
            }
        }
        #expect(fills > 500)
    }
}
