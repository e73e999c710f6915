import MarketSources
import Testing

@Suite("Rows read in one pass")
struct FastRowTests {
    /// A blank before each row sends it the slow way; the rows are the same.
    private func slowly(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { $0.first?.isNumber ?? false ? " " + $0 : $0 }.joined(separator: "\n")
    }

    private func words(_ text: String, _ name: String) throws -> [String] {
        try Market.rows(text, name: name, piece: 4096).map(Market.words)
    }

    @Test(
        "are the rows read field by field",
        arguments: [
            "ts_ms,symbol,price,qty,side\n", "side,qty,price,symbol,ts_ms\n",
            "id;ts_ms;price;qty;quote_qty\n", "open_time_ms,open,high,low,close,volume_base\n",
            "open_time,open,high,low,close,volume,close_time,quote_volume\n",
        ])
    func same(header: String) throws {
        let delimiter = header.contains(";") ? ";" : ","
        let names = header.dropLast().split(separator: Character(delimiter)).map(String.init)
        var rows = ""
        for number in 0..<2_000 {
            let open = 1_700_000_000_000 + number * 60_000
            // Of every width there is, some beyond what the fast way takes.
            let price = ["60000.12", "0.00001234", "7", "123456789012345678.5", "3000.0"][
                number % 5]
            let quantity = ["0.001859", "1169.94", "0", "0.5", "0.0000000001"][number % 5]
            let fields = names.map { name in
                switch name {
                case "ts_ms", "open_time_ms", "open_time": "\(open)"
                case "close_time": "\(open + 59_999)"
                case "symbol": ["BTC_USDT", "1000PEPEUSDT", "ETHUSDT"][number % 3]
                case "price", "open", "high", "low", "close": price
                case "qty", "volume", "volume_base": quantity
                case "quote_qty", "quote_volume": "12.5"
                case "side": number % 2 == 0 ? "B" : "SELL"
                default: "\(number)"
                }
            }
            rows += fields.joined(separator: delimiter) + (number % 7 == 0 ? "\r\n" : "\n")
        }
        let fast = try words(header + rows, "BTCUSDT-1m.csv")
        #expect(fast.count == 2_000)
        #expect(fast == (try words(header + slowly(rows), "BTCUSDT-1m.csv")))
    }

    @Test("leave everything unusual to the careful reader, which names it by line")
    func unusual() throws {
        var lines = Market.trades(3_000)
        let odd = [
            (500, "1700000000499,1e3,2"), (600, "1700000000599, 700.5 ,2"),
            (700, "\"1700000000699\",\"800.5\",\"2\""), (800, "1700000000799,-1,2"),
            (900, "1700000000899,,2"), (1_000, "1700000000999,1.,2"), (1_100, ""),
            (1_200, "1700000001199,5,2,9"), (1_300, "nonsense"),
        ]
        for (line, text) in odd { lines[line] = text }
        var file = try Market.file(lines.joined(separator: "\n"), piece: 4096)
        var count = 0
        while try file.next() != nil { count += 1 }
        #expect(count == 3_000 - 6)
        #expect(file.malformed.examples.map(\.line) == [801, 901, 1_001, 1_201, 1_301])
    }

    @Test("are put in order, and refused, as when read one by one", arguments: [1, 900, 1_023])
    func order(back: Int) throws {
        var lines = Market.trades(4_000)
        let late = lines.remove(at: 2_500)
        lines.insert(late, at: 2_500 + back)
        let text = lines.joined(separator: "\n")
        let rows = try Market.rows(text, piece: 4096)
        #expect(rows.map(\.time) == rows.map(\.time).sorted())
        #expect(
            rows.map(Market.words) == (try Market.rows(slowly(text), piece: 7)).map(Market.words))
        lines.remove(at: 2_500 + back)
        lines.insert(late, at: 2_500 + 1_100)
        let tooLate = lines.joined(separator: "\n")
        let fast = #expect(throws: MarketFileError.self) {
            try Market.rows(tooLate, piece: 4096)
        }
        let slow = #expect(throws: MarketFileError.self) {
            try Market.rows(slowly(tooLate), piece: 4096)
        }
        #expect(fast == slow)
    }

    @Test("are the same prices taken some at a time")
    func chunks() throws {
        let text = Market.trades(5_000).joined(separator: "\n")
        var one = try MarketMerge([ObservationStream(Market.file(text), candles: .close)])
        var many = try MarketMerge([
            ObservationStream(Market.file(text, piece: 4096), candles: .close)
        ])
        var expected: [String] = []
        while let observation = try one.next() { expected.append(Market.words(observation)) }
        var found: [String] = []
        var chunk = [try #require(try many.next())]
        repeat {
            #expect(chunk.count <= 300)
            found += chunk.map { Market.words($0) }
        } while try many.next(into: &chunk, upTo: 300)
        #expect(found == expected)
        #expect(found.count == 5_000)
    }
}
