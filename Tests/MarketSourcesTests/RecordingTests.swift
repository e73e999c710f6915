import CoreModels
import MarketSources
import Testing

@Suite("Recordings of market_data")
struct RecordingTests {
    static let digest: [UInt8] = [1, 35, 69, 103, 137, 171, 205, 239]

    /// A message with every optional value, texts that are no words, and numbers at their limits.
    static func full(_ sequence: Int64 = 7) throws -> RecordedMessage {
        let ask: Price = try #require(Price("170000000000000000000.123456789012345678"))
        return RecordedMessage(
            MarketData(
                symbol: try #require(Symbol("1000PEPE_USDT")),
                timestamp: Timestamp(milliseconds: 1_700_000_000_123),
                price: try #require(Price("0.000000000000000001")), bid: Price(1),
                ask: ask,
                volume: try #require(Money("123456.789")), volume24h: .zero,
                pctChange: try #require(Ratio("-12.345")), interval: "a,\"b\"\n%20 ü",
                source: .websocket,
                reference: MarketReference(feed: "mexc_ws-1,2;%", sequence: sequence)),
            receivedAt: Timestamp(milliseconds: 1_700_000_000_456))
    }

    static func bare(_ time: Int64, _ symbol: String = "BTC_USDT") throws -> RecordedMessage {
        RecordedMessage(
            MarketData(
                symbol: try #require(Symbol(symbol)), timestamp: Timestamp(milliseconds: time),
                price: Price(45_000), volume: .zero, pctChange: .zero, source: .manual),
            receivedAt: Timestamp(milliseconds: time + 5))
    }

    static func text(_ messages: [RecordedMessage]) -> [UInt8] {
        var bytes = Array((RecordedMessage.header + "\n").utf8)
        for message in messages { message.append(to: &bytes) }
        return bytes
    }

    static func open(
        _ bytes: [UInt8], piece: Int = 7
    ) throws(MarketFileError) -> Recording {
        try Recording(name: "x.csv", source: ByteArraySource(bytes, piece: piece))
    }

    static func all(_ bytes: [UInt8], piece: Int) throws -> [RecordedMessage] {
        var recording = try open(bytes, piece: piece)
        var messages: [RecordedMessage] = []
        while let message = try recording.next() { messages.append(message) }
        return messages
    }

    @Test("a row looks like this")
    func row() throws {
        let text = String(
            decoding: Self.text([try Self.full(), try Self.bare(1000)]), as: UTF8.self)
        #expect(
            text == """
                received_ms,feed,seq,symbol,timestamp_ms,price,bid,ask,volume,volume_24h,\
                pct_change,interval,source
                1700000000456,mexc_ws-1%2C2%3B%25,7,1000PEPE_USDT,1700000000123,\
                0.000000000000000001,1.0,170000000000000000000.123456789012345678,123456.789,0.0,\
                -12.345,a%2C%22b%22%0A%2520%20%C3%BC,mexc_ws
                1005,,,BTC_USDT,1000,45000.0,,,0.0,,0.0,15m,manual

                """)
    }

    @Test("what was written is read again to the last digit", arguments: [1, 7, 65_536])
    func roundTrip(piece: Int) throws {
        let messages = [
            try Self.full(), try Self.bare(0), try Self.full(.max), try Self.bare(-5, "ETH_BTC"),
        ]
        #expect(try Self.all(Self.text(messages), piece: piece) == messages)
    }

    @Test("is told from other files by its first line, and from no other side")
    func isOne() throws {
        let recording = Self.text([try Self.bare(1000)])
        let trades = Array("ts_ms,symbol,price,qty\n1700000000000,BTCUSDT,1,1\n".utf8)
        #expect(try Recording.isOne(ByteArraySource(recording, piece: 3)))
        #expect(try !Recording.isOne(ByteArraySource(trades)))
        #expect(try !Recording.isOne(ByteArraySource([])))
        let asTrades = #expect(throws: MarketFileError.self) {
            try MarketFile(name: "x.csv", source: ByteArraySource(recording))
        }
        #expect(asTrades?.description.contains("is a recording of market_data") == true)
        #expect(throws: MarketFileError.self) { try Self.open(trades) }
        #expect(throws: MarketFileError.noRows(file: "x.csv")) { try Self.open(Self.text([])) }
    }

    @Test("rows that cannot be read are counted by line, and refused above 1 %")
    func malformed() throws {
        let good = try (0..<400).map { try Self.bare(1000 + Int64($0)) }
        let lines = [
            ("1,,,BTC_USDT,1,45000,,,0,,0,15m", MalformedRow.columns(found: 12, expected: 13)),
            ("1,,,?,1,45000,,,0,,0,15m,manual", .symbol),
            ("1,,,BTC_USDT,x,45000,,,0,,0,15m,manual", .time),
            ("1,,,BTC_USDT,1,0,,,0,,0,15m,manual", .price),
            ("1,,,BTC_USDT,1,1,,,-1,,0,15m,manual", .quantity),
            ("1,,,BTC_USDT,1,1,,,0,,no,15m,manual", .change),
            ("1,,,BTC_USDT,1,1,,,0,,0,15m,nobody", .text),
            ("1,a,9223372036854775808,BTC_USDT,1,1,,,0,,0,15m,manual", .text),
            ("1,a%2,1,BTC_USDT,1,1,,,0,,0,15m,manual", .text),
        ]
        for (line, reason) in lines {
            var recording = try Self.open(Self.text(good) + Array("\(line)\n".utf8))
            while try recording.next() != nil {}
            #expect(recording.malformed.count == 1)
            #expect(recording.malformed.examples.first?.line == 402)
            #expect(recording.malformed.examples.first?.row == reason, "\(line)")
        }
        let many = Self.text(good) + Array(lines.map { "\($0.0)\n" }.joined().utf8)
        var recording = try Self.open(many)
        #expect(throws: MarketFileError.self) { while try recording.next() != nil {} }
    }

    @Test(
        "a replay gives every message as it was, in the order of receipt, with numbers of its own")
    func replay() throws {
        // Times of the market go back, and an unchanged price is no news to a screener.
        let first = [try Self.bare(9_000), try Self.full(), try Self.bare(8_000)]
        let second = [try Self.bare(1_800_000_000_000), try Self.bare(9_000, "ETH_BTC")]
        var feed = try ReplayFeed(
            digest: Self.digest,
            recordings: [Self.open(Self.text(second)), Self.open(Self.text(first))])
        var found: [MarketData] = []
        while let data = try feed.next() { found.append(data) }
        let expected = (first + second).enumerated().map { place, message in
            var data = message.data
            data.reference = MarketReference(
                feed: "replay-0123456789abcdef", sequence: Int64(place + 1))
            return data
        }
        #expect(found == expected)
        #expect(feed.progress.rows == 5)
        #expect(feed.progress.bytes == feed.progress.bytesTotal)

        var later = try ReplayFeed(
            digest: Self.digest,
            recordings: [Self.open(Self.text(first)), Self.open(Self.text(second))])
        let isThere = try later.skip(through: 3)
        #expect(isThere)
        #expect(try later.next() == expected[3])
    }

    @Test("a survey tells symbols, rows and the earliest and latest time")
    func survey() throws {
        let survey = try FileSurvey(
            Self.open(
                Self.text([
                    try Self.bare(9_000), try Self.bare(8_000, "ETH_BTC"), try Self.bare(8_500),
                ])))
        #expect(survey.isRecording)
        #expect(!survey.isCandles)
        #expect(survey.rows == 3)
        #expect(survey.first.milliseconds == 8_000)
        #expect(survey.last.milliseconds == 9_000)
        #expect(survey.symbols.map(\.description) == ["BTC_USDT", "ETH_BTC"])
    }
}
