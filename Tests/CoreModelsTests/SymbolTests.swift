import CoreModels
import Testing

@Suite("symbols and moments")
struct SymbolTests {
    @Test(
        "the forms people use become BASE_QUOTE",
        arguments: [
            ("BTC_USDT", "BTC_USDT"), ("BTCUSDT", "BTC_USDT"), ("btcusdt", "BTC_USDT"),
            ("eth_usdc", "ETH_USDC"), ("1000PEPEUSDT", "1000PEPE_USDT"), ("ETHBTC", "ETH_BTC"),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZ_USDT", "ABCDEFGHIJKLMNOPQRSTUVWXYZ_USDT"),
        ])
    func forms(text: String, expected: String) {
        #expect(Symbol(text)?.description == expected)
    }

    @Test(
        "what is no pair is refused",
        arguments: [
            "", "_", "BTC_", "_USDT", "USDT", "BTC__USDT", "A_B_C", "BTC-USDT", "BTC USDT",
            "Ä_USDT",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZA_USDT", "BTC",
        ])
    func refused(text: String) {
        #expect(Symbol(text) == nil)
    }

    @Test("symbols order as their texts do")
    func order() {
        let texts = ["ETH_USDT", "BTC_USDT", "BTC_USDC", "B_USDT", "1INCH_USDT", "ZZZZZZZZZZ_USDT"]
        let symbols = texts.compactMap { Symbol($0) }
        #expect(symbols.sorted().map(\.description) == texts.sorted())
    }

    @Test("numbers are given in order of appearance and found again, for thousands of symbols")
    func numbering() throws {
        var index = SymbolIndex()
        let symbols = try (0..<3000).map { try #require(Symbol("COIN\($0)_USDT")) }
        for (number, symbol) in symbols.enumerated() {
            #expect(index.find(symbol) == nil)
            #expect(index.number(of: symbol) == number)
        }
        for (number, symbol) in symbols.enumerated() { #expect(index.find(symbol) == number) }
        #expect(index.symbols == symbols)
    }

    @Test("the quick hash spreads symbols that differ in one place over small tables")
    func spread() throws {
        let slots = try Set((0..<200).map { try #require(Symbol("A\($0)_USDT")).quickHash & 511 })
        #expect(slots.count > 140)
    }

    @Test(
        "a day begins at 00:00 UTC",
        arguments: [
            (0, 0), (1, 0), (86_399_999, 0), (86_400_000, 86_400_000),
            (1_767_225_600_001, 1_767_225_600_000), (-1, -86_400_000),
        ])
    func startOfDay(moment: Int64, expected: Int64) {
        #expect(Timestamp(milliseconds: moment).startOfDay.milliseconds == expected)
    }

    @Test("times saturate instead of trapping")
    func saturation() {
        let last = Timestamp(milliseconds: .max)
        #expect(last.advanced(by: 1) == last)
        #expect(last.since(Timestamp(milliseconds: -1)) == .max)
        #expect(Timestamp(milliseconds: .min).since(last) == .min)
    }
}

@Suite("streams and their numbers")
struct StreamTests {
    @Test("each stream has one owner, and an id that says where an event stands")
    func owners() {
        #expect(Stream.signals.owner == .core)
        #expect(Stream.account.owner == .risk)
        #expect(Stream.orderResults.owner == .execution)
        for service in Service.allCases { #expect(service.alerts.owner == service) }
        #expect(Stream.riskDecisions.id(17) == "risk_decisions-17")
    }

    @Test("numbers are contiguous from 1 per stream and go on after a restart")
    func numbers() {
        var numbers = StreamNumbers()
        #expect(numbers.next(.orders).id == "orders-1")
        #expect(numbers.next(.signals).sequence == 1)
        #expect(
            numbers.next(.orders, cause: "a", trace: "b")
                == Envelope(
                    sequence: 2, id: "orders-2", cause: "a", trace: "b"))
        var restarted = StreamNumbers()
        restarted.restore(.orders, head: numbers.head(.orders))
        #expect(restarted.next(.orders).sequence == 3)
    }
}
