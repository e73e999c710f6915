import CoreModels
import EventSchema
import Testing

private let now = Timestamp(milliseconds: 1_767_225_600_123)

/// A message with one field replaced, or dropped where the text is empty.
private func message(_ fields: [(String, String)], _ change: (String, String)? = nil) -> [UInt8] {
    var fields = fields
    if let change {
        if let index = fields.firstIndex(where: { $0.0 == change.0 }) {
            fields[index].1 = change.1
        } else {
            fields.append(change)
        }
    }
    let members = fields.filter { !$0.1.isEmpty }.map { "\"\($0.0)\":\($0.1)" }
    return Array("{\(members.joined(separator: ","))}".utf8)
}

private func refusal<T>(_ body: () throws(EventError) -> T) -> EventError.Reason? {
    do {
        _ = try body()
        return nil
    } catch { return error.reason }
}

private typealias Rule = (field: String, text: String, reason: EventError.Reason?)

@Suite("A market_data from others") struct MarketDataRules {
    private static let fields = [
        ("type", "\"market_data\""), ("symbol", "\"BTC_USDT\""), ("timestamp", "1696789260"),
        ("price", "45000"), ("volume", "250000"), ("pct_change", "8.5"),
    ]

    @Test("made by hand is like one from a feed")
    func acceptsHandMade() throws {
        let data = try MarketDataCodec.decode(message(Self.fields), from: .foreign(at: now))
        let symbol = try #require(Symbol("BTC_USDT"))
        #expect(
            data
                == MarketData(
                    symbol: symbol, timestamp: Timestamp(milliseconds: 1_696_789_260_000),
                    price: Price(45_000), volume: Money(250_000),
                    pctChange: Ratio(raw: 8_500_000_000_000_000_000),
                    interval: "15m", source: .manual, reference: nil))
    }

    private static let rules: [Rule] = [
        ("type", "", nil), ("type", "\"signal\"", .wrongEventType), ("type", "7", .wrongType),
        ("v", "1", nil), ("v", "2", .wrongVersion), ("v", "\"x\"", .notANumber),
        ("symbol", "", .missingField), ("symbol", "null", .missingField),
        ("symbol", "\"BTCUSDT\"", nil), ("symbol", "\"btc_usdt\"", nil),
        ("symbol", "\"\"", .badSymbol),
        ("symbol", "\"BTC-USDT\"", .badSymbol), ("symbol", "\"_USDT\"", .badSymbol),
        ("symbol", "5", .wrongType),
        ("symbol", "\"\\u0042TC_USDT\"", nil), ("symbol", "\"A_B_C\"", .badSymbol),
        ("timestamp", "", .missingField), ("timestamp", "-1", .outOfRange),
        ("timestamp", "\"1696789260\"", nil), ("timestamp", "1.69678926e9", nil),
        ("timestamp", "1696789260.5", nil), ("timestamp", "1696789260123456", .outOfRange),
        ("timestamp", "\"2026\\u002d\"", .notANumber), ("timestamp", "{}", .wrongType),
        ("price", "", .missingField), ("price", "null", .missingField),
        ("price", "0", .notPositive),
        ("price", "-1", .notPositive), ("price", "\"45000.0\"", nil), ("price", "6.1E7", nil),
        ("price", "NaN", .notANumber), ("price", "\"NaN\"", .notANumber),
        ("price", "\"\"", .notANumber),
        ("price", "1e999", .overflow), ("price", "\"1e999\"", .overflow),
        ("price", "1e-30", .notPositive),
        ("price", "true", .wrongType), ("price", "[1]", .wrongType),
        ("price", "Infinity", .notANumber),
        ("price", "01", .notANumber), ("price", "1..2", .notANumber), ("price", "'1'", .notJSON),
        ("volume", "", .missingField), ("volume", "-1", .outOfRange), ("volume", "0", nil),
        ("pct_change", "", .missingField), ("pct_change", "-99.5", nil),
        ("pct_change", "\"a\"", .notANumber),
        ("bid", "0", nil), ("bid", "-1", nil), ("bid", "null", nil), ("bid", "\"x\"", .notANumber),
        ("ask", "45000.5", nil), ("volume_24h", "-1", .outOfRange), ("interval", "5", .wrongType),
        ("source", "\"elsewhere\"", nil), ("source", "1", .wrongType), ("feed", "7", .wrongType),
        ("seq", "-1", .outOfRange), ("seq", "1.5", .wrongType),
        ("seq", "9223372036854775808", .overflow),
        ("other", "{\"a\":[1,2,{}]}", nil), ("other", "\"\\u0000\"", nil),
        ("interval", "\"\\u0000\"", .badText),
        ("other", "\"\\ud800\"", .notJSON), ("other", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", .tooDeep),
    ]

    @Test("is held to the rules of each field", arguments: 0..<rules.count)
    func keepsRules(index: Int) {
        let rule = Self.rules[index]
        let bytes = message(Self.fields, (rule.field, rule.text))
        let found = refusal { () throws(EventError) in
            try MarketDataCodec.decode(bytes, from: .foreign(at: now))
        }
        #expect(found == rule.reason, "\(rule.field): \(rule.text)")
    }

    @Test("counts a bid or ask that is not above zero as absent")
    func dropsEmptyBook() throws {
        let bytes = message(Self.fields + [("bid", "0"), ("ask", "-1")])
        let data = try MarketDataCodec.decode(bytes, from: .foreign(at: now))
        #expect(data.bid == nil && data.ask == nil)
    }

    @Test(
        "has a reference only with feed and seq",
        arguments: [
            (#""w""#, "5", MarketReference(feed: "w", sequence: 5)), (#""w""#, "", nil),
            ("", "5", nil),
            (#""""#, "5", nil),
            (
                #""replay-0123456789abcdef""#, "0",
                MarketReference(feed: "replay-0123456789abcdef", sequence: 0)
            ),
        ] as [(String, String, MarketReference?)])
    func readsReference(feed: String, sequence: String, expected: MarketReference?) throws {
        var decoder = MarketDataDecoder()
        let bytes = message(Self.fields + [("feed", feed), ("seq", sequence)])
        for _ in 0..<3 { #expect(try decoder.decode(bytes.span.bytes).reference == expected) }
    }

    @Test("is refused whole when it is too large, no UTF-8, no object or doubled")
    func refusesWhole() {
        func reason(_ bytes: [UInt8]) -> EventError.Reason? {
            refusal { () throws(EventError) in
                try MarketDataCodec.decode(bytes, from: .foreign(at: now))
            }
        }
        #expect(reason([UInt8](repeating: 32, count: 10_000_000)) == .tooLarge)
        #expect(reason([0xFF]) == .notUTF8)
        #expect(reason(Array("[]".utf8)) == .wrongType)
        #expect(reason([]) == .notJSON)
        #expect(reason(message(Self.fields + [("price", "1")])) == .duplicateField)
        #expect(reason(message(Self.fields) + [UInt8(ascii: "x")]) == .notJSON)
        #expect(reason(Array(String(repeating: "[", count: 60_000).utf8)) == .wrongType)
    }

    @Test("that is refused names the field")
    func namesField() {
        let bytes = message(Self.fields, ("price", "-1"))
        #expect { try MarketDataCodec.decode(bytes, from: .foreign(at: now)) } throws: {
            String(describing: $0).hasPrefix("not_positive in price at byte ")
        }
    }

    @Test("out of the ledger keeps small timestamps as milliseconds")
    func keepsMilliseconds() throws {
        let data = try MarketDataCodec.decode(message(Self.fields), from: .ledger)
        #expect(data.timestamp.milliseconds == 1_696_789_260)
    }
}

@Suite("A signal") struct SignalRules {
    private static let hand = [
        ("type", "\"signal\""), ("symbol", "\"BTCUSDT\""), ("side", "\"BUY\""),
        ("confidence", "0.85"),
    ]
    private static let complete = hand + [("price", "\"45000.0\""), ("timestamp", "1696789260")]

    @Test("by hand needs symbol, side and confidence")
    func acceptsHandMade() throws {
        let signal = try SignalCodec.decode(message(Self.hand), from: .hand(at: now))
        let expected = Signal(
            envelope: Envelope(sequence: 0, id: ""), symbol: try #require(Symbol("BTC_USDT")),
            side: .buy,
            confidence: Ratio(raw: 850_000_000_000_000_000), timestamp: now)
        #expect(signal == expected)
        #expect(
            refusal { () throws(EventError) in
                try SignalCodec.decode(message(Self.hand), from: .foreign(at: now))
            } == .missingField)
    }

    @Test("takes its id from signal_id when it has none")
    func takesSignalID() throws {
        let bytes = message(Self.complete + [("signal_id", "\"s-1\"")])
        #expect(try SignalCodec.decode(bytes, from: .foreign(at: now)).envelope.id == "s-1")
    }

    private static let rules: [Rule] = [
        ("type", "\"order\"", .wrongEventType), ("symbol", "", .missingField),
        ("side", "", .missingField),
        ("side", "\"buy\"", .badSide), ("side", "\"HOLD\"", .badSide), ("side", "1", .wrongType),
        ("confidence", "", .missingField), ("confidence", "0", .outOfRange),
        ("confidence", "-0.1", .outOfRange),
        ("confidence", "1", nil), ("confidence", "1.0001", .outOfRange),
        ("confidence", "\"0.5\"", nil),
        ("confidence", "NaN", .notANumber), ("price", "", .missingField),
        ("price", "0", .notPositive),
        ("timestamp", "", .missingField), ("size", "0", .notPositive), ("size", "0.5", nil),
        ("size", "null", nil),
        ("reason", "5", .wrongType), ("volume", "-1", .outOfRange), ("source", "\"me\"", nil),
        ("market", "{\"feed\":\"w\",\"seq\":1}", nil), ("market", "{}", nil),
        ("market", "5", .wrongType),
    ]

    @Test("from others is held to the rules of each field", arguments: 0..<rules.count)
    func keepsRules(index: Int) {
        let rule = Self.rules[index]
        let bytes = message(Self.complete, (rule.field, rule.text))
        #expect(
            refusal { () throws(EventError) in
                try SignalCodec.decode(bytes, from: .foreign(at: now))
            }
                == rule.reason, "\(rule.field): \(rule.text)")
    }

    @Test("out of the ledger needs its envelope")
    func needsEnvelope() {
        let whole = Self.complete + [("seq", "3"), ("id", "\"signals-3\"")]
        for (change, reason) in [
            (("x", "1"), nil), (("seq", ""), .missingField), (("id", ""), .missingField),
            (("seq", "0"), .outOfRange), (("seq", "4"), .badEnvelope),
            (("timestamp", ""), .missingField),
            (("price", ""), nil),
        ] as [((String, String), EventError.Reason?)] {
            let found = refusal { () throws(EventError) in
                try SignalCodec.decode(message(whole, change), from: .ledger)
            }
            #expect(found == reason, "\(change)")
        }
    }
}

@Suite("An order") struct OrderRules {
    private static let fields = [
        ("type", "\"order\""), ("order_id", "\"orders-1\""), ("client_id", "\"cdb-1\""),
        ("symbol", "\"BTC_USDT\""),
        ("side", "\"BUY\""), ("quantity", "0.5"), ("timestamp", "1767225600000"),
    ]

    private static let rules: [Rule] = [
        ("x", "1", nil), ("order_id", "", .missingField), ("order_id", "\"\"", .missingField),
        ("client_id", "", .missingField), ("client_id", "\"\"", .badClientID),
        ("client_id", "\"a b\"", .badClientID),
        ("client_id", "\"é\"", .badClientID),
        ("client_id", "\"\(String(repeating: "a", count: 32))\"", nil),
        ("client_id", "\"\(String(repeating: "a", count: 33))\"", .badClientID),
        ("symbol", "", .missingField),
        ("side", "\"\"", .badSide), ("quantity", "", .missingField),
        ("quantity", "0", .notPositive),
        ("quantity", "\"1e-3\"", nil), ("timestamp", "", .missingField),
        ("order_type", "\"limit\"", .unknownValue),
        ("order_type", "\"market\"", nil), ("reduce_only", "1", .wrongType),
        ("reason", "\"WHIM\"", .unknownValue),
        ("price", "-1", .notPositive), ("stop_loss_pct", "-1", .outOfRange),
    ]

    @Test("from others is held to the rules of each field", arguments: 0..<rules.count)
    func keepsRules(index: Int) {
        let rule = Self.rules[index]
        let bytes = message(Self.fields, (rule.field, rule.text))
        #expect(
            refusal { () throws(EventError) in try OrderCodec.decode(bytes, from: .foreign(at: now))
            }
                == rule.reason, "\(rule.field): \(rule.text)")
    }

    @Test("that is refused still tells what can be read")
    func tellsRemains() throws {
        let bytes = message(Self.fields + [("trace", "\"signals-1\"")], ("quantity", "-5"))
        let remains = OrderCodec.readableID(bytes)
        #expect(
            remains.orderID == "orders-1" && remains.clientID == "cdb-1" && remains.side == .buy)
        #expect(remains.symbol == Symbol("BTC_USDT") && remains.quantity == nil)
        #expect(
            remains.trace == "signals-1" && remains.timestamp?.milliseconds == 1_767_225_600_000)
        #expect(
            OrderCodec.readableID(message(Self.fields, ("quantity", "\"0.25\""))).quantity?
                .description == "0.25")
        #expect(OrderCodec.readableID(message(Self.fields, ("order_id", "\"\""))).orderID == nil)
        #expect(OrderCodec.readableID(Array("nonsense".utf8)) == OrderCodec.readableID([]))
    }
}

@Suite("An order_result") struct OrderResultRules {
    private static let fields = [
        ("type", "\"order_result\""), ("order_id", "\"orders-1\""), ("status", "\"FILLED\""),
        ("symbol", "\"BTC_USDT\""),
        ("side", "\"BUY\""), ("filled_quantity", "0.5"), ("price", "45000"),
    ]

    private static let rules: [Rule] = [
        ("x", "1", nil), ("order_id", "", .missingField), ("status", "", .missingField),
        ("status", "\"NEW\"", .unknownValue), ("symbol", "", .missingField),
        ("side", "", .missingField),
        ("filled_quantity", "", .missingField), ("filled_quantity", "-1", .outOfRange),
        ("filled_quantity", "0", nil),
        ("price", "", .missingField), ("price", "0", .notPositive), ("fee", "\"0.1\"", nil),
        ("quantity", "-1", .outOfRange), ("error_code", "7", .wrongType),
        ("timestamp", "1767225600", nil),
    ]

    @Test("from others is held to the rules of each field", arguments: 0..<rules.count)
    func keepsRules(index: Int) {
        let rule = Self.rules[index]
        let bytes = message(Self.fields, (rule.field, rule.text))
        #expect(
            refusal { () throws(EventError) in
                try OrderResultCodec.decode(bytes, from: .foreign(at: now))
            }
                == rule.reason, "\(rule.field): \(rule.text)")
    }

    @Test("without a fill needs no price and drops one of zero")
    func needsNoPrice() throws {
        let fields =
            Self.fields.filter { $0.0 != "price" && $0.0 != "filled_quantity" } + [
                ("filled_quantity", "0")
            ]
        for price in ["", "null", "0", "45000"] {
            let result = try OrderResultCodec.decode(
                message(fields + [("price", price)]), from: .foreign(at: now))
            #expect(result.price == (price == "45000" ? Price(45_000) : nil))
            #expect(result.timestamp == now && result.quantity == .zero && result.clientID == "")
        }
    }
}
