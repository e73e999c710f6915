import CoreModels
import DecisionCores
@testable import MarketSources
import Testing

@Suite("Order of rows and files")
struct OrderTests {
    @Test("Rows out of order are put right within the look-ahead, equal times as they stand")
    func putRight() throws {
        let rows = try Market.rows(
            """
            ts_ms,price,qty
            1700000000002,3,1
            1700000000001,1,1
            1700000000002,4,1
            1700000000001,2,1
            1700000000003,5,1
            """)
        #expect(
            rows.map(Market.words) == [
                "T BTC_USDT 1700000000001 1.0 1.0 1.0", "T BTC_USDT 1700000000001 2.0 1.0 2.0",
                "T BTC_USDT 1700000000002 3.0 1.0 3.0", "T BTC_USDT 1700000000002 4.0 1.0 4.0",
                "T BTC_USDT 1700000000003 5.0 1.0 5.0",
            ])
    }

    @Test("A row just within the look-ahead is put right, one beyond it is refused with its line")
    func edge() throws {
        let early = "1700000000000,1,1"
        let within = Market.trades(MarketFile.lookAhead + 50)
        var lines = within
        lines.remove(at: 1)
        lines.insert(early, at: MarketFile.lookAhead)
        #expect(
            try Market.rows(lines.joined(separator: "\n")).first?.time.milliseconds
                == 1_700_000_000_000)

        lines = within
        lines.remove(at: 1)
        lines.insert(early, at: MarketFile.lookAhead + 3)
        let error = #expect(throws: MarketFileError.self) {
            try Market.rows(lines.joined(separator: "\n"))
        }
        guard case .outOfOrder(let file, let line, let time, let after) = error else {
            Issue.record("refused for another reason: \(String(describing: error))")
            return
        }
        #expect(file == "BTCUSDT-1m.csv")
        #expect(line == MarketFile.lookAhead + 4)
        #expect(time.milliseconds == 1_700_000_000_000)
        #expect(after > time)
    }

    @Test("Files are merged by time, then symbol, then the files' order, then the rows' order")
    func merged() throws {
        let header = "ts_ms,price,qty\n"
        let files = [
            try Market.file(
                header + "1700000000001,1,1\n1700000000001,2,1\n1700000000003,3,1\n",
                name: "ETHUSDT.csv"),
            try Market.file(header + "1700000000001,4,1\n1700000000002,5,1\n", name: "BTCUSDT.csv"),
            try Market.file(header + "1700000000001,6,1\n", name: "ETHUSDT.csv"),
        ]
        #expect(
            try Market.observations(files) == [
                "BTC_USDT 1700000000001 4.0 4.0", "ETH_USDT 1700000000001 1.0 1.0",
                "ETH_USDT 1700000000001 2.0 2.0", "ETH_USDT 1700000000001 6.0 6.0",
                "BTC_USDT 1700000000002 5.0 5.0", "ETH_USDT 1700000000003 3.0 3.0",
            ])
    }

    @Test(
        "A queue gives back any input as a stable sort would",
        arguments: 1...20 as ClosedRange<UInt64>)
    func queue(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let symbol = try #require(Symbol("BTC_USDT"))
        var queue = OrderedQueue<Observation>()
        var given: [Observation] = []
        for number in 1...3_000 {
            let observation = Observation(
                symbol: symbol, timestamp: Timestamp(milliseconds: random.pick(0...400)),
                price: Price(number))
            queue.insert(observation)
            given.append(observation)
        }
        let sorted = given.enumerated().sorted {
            ($0.element.timestamp, $0.offset) < ($1.element.timestamp, $1.offset)
        }.map(\.element)
        var taken: [Observation] = []
        while let next = queue.popFirst() { taken.append(next) }
        #expect(taken == sorted, "seed \(seed)")
    }
}
