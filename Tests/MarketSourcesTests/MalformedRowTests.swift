import CoreModels
import MarketSources
import Testing

@Suite("Malformed rows")
struct MalformedRowTests {
    @Test(
        "are counted and named by their line",
        arguments: [
            ("1700000000050,1", MalformedRow.columns(found: 2, expected: 3)),
            ("1700000000050,1,2,3", .columns(found: 4, expected: 3)),
            (",1,2", .time), ("yesterday,1,2", .time), ("0,1,2", .time), ("-5,1,2", .time),
            ("4102444800000,1,2", .time), ("1700000000050,0,2", .price),
            ("1700000000050,-1,2", .price), ("1700000000050,NaN,2", .price),
            ("1700000000050,1.2.3,2", .price), ("1700000000050,,2", .price),
            ("1700000000050,1.,2", .price), ("1700000000050,1,-2", .quantity),
            ("1700000000050,1,", .quantity),
            ("1700000000050,100000000000000000000,100000000000000000000", .overflow),
        ])
    func counted(row: String, reason: MalformedRow) throws {
        var lines = Market.trades(100)
        lines.insert(row, at: 51)
        var file = try Market.file(lines.joined(separator: "\n"))
        var good = 0
        while try file.next() != nil { good += 1 }
        #expect(good == 100)
        #expect(file.rowsRead == 101)
        #expect(file.malformed.count == 1)
        #expect(file.malformed.examples.map(\.line) == [52])
        #expect(file.malformed.examples.map(\.row) == [reason])
    }

    @Test(
        "A candle whose high and low do not enclose its other prices is malformed",
        arguments: ["10,9,8,9.5,1", "10,11,10.5,10.6,1", "10,11,9,12,1", "10,11,9,8,1"])
    func shape(prices: String) throws {
        var lines = ["open_time_ms,open,high,low,close,volume_base"]
        lines += (0..<100).map { "\(1_700_000_000_000 + 60_000 * $0),10,11,9,10,1" }
        lines.append("1700009000000,\(prices)")
        let survey = try FileSurvey(Market.file(lines.joined(separator: "\n")))
        #expect(survey.rows == 100)
        #expect(survey.malformed.examples.map(\.row) == [.candleShape])
    }

    @Test("up to 1 % are passed over, one more refuses the file", arguments: [1, 2, 12])
    func limit(bad: Int) throws {
        var lines = Market.trades(99 * bad)
        for place in 0..<bad { lines.insert("x,1,2", at: 1 + 99 * place) }
        let whole = try FileSurvey(Market.file(lines.joined(separator: "\n")))
        #expect(whole.malformed.count == bad)
        #expect(whole.rows == 99 * bad)

        lines.removeLast()
        let error = #expect(throws: MarketFileError.self) {
            try FileSurvey(Market.file(lines.joined(separator: "\n")))
        }
        let rows = 100 * bad - 1
        let text = error?.description ?? ""
        #expect(
            text.hasPrefix(
                "BTCUSDT-1m.csv: \(bad) of \(rows) rows are malformed, more than 1 %: "
                    + "line 2: no valid time"))
        #expect(text.hasSuffix("; and 2 more") == (bad == 12))
    }

    @Test("A file of nothing else is refused")
    func onlyMalformed() {
        let error = #expect(throws: MarketFileError.self) {
            try Market.rows("ts_ms,price,qty\nx,y,z\n")
        }
        #expect(
            error?.description == "BTCUSDT-1m.csv: 1 of 1 rows are malformed, more than 1 %: "
                + "line 2: no valid time")
    }

    @Test("A line without end is no CSV")
    func endlessLine() {
        let text = "ts_ms,price,qty\n1700000000000,1,2\n" + String(repeating: "1", count: 70_000)
        let error = #expect(throws: MarketFileError.self) { try Market.rows(text, piece: 4_096) }
        #expect(
            error?.description
                == "BTCUSDT-1m.csv: unknown layout: line 3 is longer than 65536 bytes")
    }
}
