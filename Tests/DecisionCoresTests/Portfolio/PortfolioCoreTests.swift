import CoreModels
import DecisionCores
import Testing

@Suite struct PortfolioCoreTests {
    static let coin = symbol("BTC_USDT")

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var fills: [(side: Side, quantity: String, price: String)]
        var realized: String
        var quantity: String
        var average: String
    }

    static let rows = [
        Row(
            testDescription: "partial close", fills: [(.buy, "1", "100"), (.sell, "0.4", "110")],
            realized: "4", quantity: "0.6", average: "100"),
        Row(
            testDescription: "averaging", fills: [(.buy, "1", "100"), (.buy, "1", "110")],
            realized: "0", quantity: "2", average: "105"),
        Row(
            testDescription: "flip",
            fills: [(.buy, "0.01", "50000"), (.sell, "0.02", "51000")], realized: "10",
            quantity: "-0.01", average: "51000"),
        Row(
            testDescription: "flip of a short",
            fills: [(.sell, "2", "10"), (.buy, "3", "8")], realized: "4", quantity: "1",
            average: "8"),
        Row(
            testDescription: "short closed in part",
            fills: [(.sell, "2", "10"), (.buy, "1", "12")], realized: "-2", quantity: "-1",
            average: "10"),
    ]

    @Test("fills average, reduce and flip", arguments: rows)
    func book(row: Row) {
        var portfolio = PortfolioCore(cash: Money(1_000_000))
        for fill in row.fills {
            let done = portfolio.book(
                Self.coin, fill.side, quantity: number(fill.quantity), price: number(fill.price),
                fee: .zero)
            #expect(done)
        }
        #expect(portfolio.realized == number(row.realized))
        #expect(portfolio.positions.map(\.quantity) == [number(row.quantity)])
        #expect(portfolio.positions.map(\.averageEntryPrice) == [number(row.average)])
        #expect(portfolio.conserved == Money(1_000_000))
    }

    @Test("a fee leaves cash and today's result, not the cost")
    func fee() {
        var portfolio = PortfolioCore(cash: Money(1000))
        let done = portfolio.book(
            Self.coin, .buy, quantity: Quantity(1), price: Price(100), fee: number("0.1"))
        #expect(done)
        #expect(portfolio.cash == number("899.9"))
        #expect(portfolio.realizedToday == number("-0.1"))
        #expect(portfolio.positions.first?.cost == Money(100))
    }

    @Test(
        "what cannot be counted with changes nothing",
        arguments: [
            ("0", "1"), ("1", "0"), ("-1", "1"), ("100000000000", "100000000"),
            ("10000000000000000000", "10000000000000000000"),
        ])
    func refused(quantity: String, price: String) {
        let before = PortfolioCore(cash: Money(1000))
        var portfolio = before
        let done = portfolio.book(
            Self.coin, .buy, quantity: number(quantity), price: number(price), fee: .zero)
        #expect(!done)
        #expect(portfolio == before)
    }

    @Test("of a coin that costs next to nothing no more is held than can be counted")
    func countless() {
        var portfolio = PortfolioCore(cash: Money(1000))
        let book = { (portfolio: inout PortfolioCore) in
            portfolio.book(
                Self.coin, .buy, quantity: number("170000000000000000000"),
                price: number("0.000000000000000001"), fee: .zero)
        }
        #expect(book(&portfolio))
        let before = portfolio
        #expect(!book(&portfolio))
        #expect(portfolio == before)
    }

    @Test(
        "cash, cost, result and fees are conserved to the last unit",
        arguments: 1...50 as ClosedRange<UInt64>)
    func conservation(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var portfolio = PortfolioCore(cash: Money(10_000))
        let coins = ["A_USDT", "B_USDT", "C_USDT"].map(symbol)
        for _ in 0..<300 {
            let coin = coins[random.below(3)]
            let price = Price(raw: Int128(random.below(1_000_000_000_000_000)) * 1_234_567 + 1)
            let quantity = Quantity(raw: Int128(random.below(1_000_000_000_000_000)) * 1013 + 1)
            let side: Side = random.below(2) == 0 ? .buy : .sell
            _ = portfolio.book(
                coin, side, quantity: quantity, price: price,
                fee: Money(raw: Int128(random.below(1_000_000))))
            _ = portfolio.mark(coins[random.below(3)], at: price)
            #expect(portfolio.conserved == Money(10_000))
            #expect(portfolio.value == portfolio.positions.reduce(.zero) { $0 + $1.value })
            #expect(portfolio.gross == portfolio.positions.reduce(.zero) { $0 + $1.gross })
            #expect(portfolio.positions.map(\.symbol) == portfolio.positions.map(\.symbol).sorted())
        }
    }
}
