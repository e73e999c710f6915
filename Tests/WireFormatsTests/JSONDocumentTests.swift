import CoreModels
import Foundation
import Testing
import WireFormats

private func parse(_ text: String) throws(JSONError) -> Value {
    try JSONDocument.parse(Array(text.utf8))
}

private let one: Int128 = 1_000_000_000_000_000_000

@Suite("A JSON document as a value") struct JSONDocumentTests {
    private static let readings: [(String, Value)] = [
        ("null", Value.null), ("true", .flag(true)), (" false ", .flag(false)),
        ("0", .integer(0)), ("-0", .integer(0)), ("-17", .integer(-17)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .decimal(9_223_372_036_854_775_808 * one)),
        ("1.0", .decimal(one)), ("1e2", .decimal(100 * one)), ("1E+2", .decimal(100 * one)),
        ("-12.5e-1", .decimal(-one * 5 / 4)), ("0.000000000000000001", .decimal(1)),
        ("0.0000000000000000019", .decimal(1)), ("6.1E7", .decimal(61_000_000 * one)),
        ("170141183460469231731.687303715884105727", .decimal(.max)),
        ("\"\"", .text("")), (#""a\"\\\/\b\f\n\r\t""#, .text("a\"\\/\u{08}\u{0C}\n\r\t")),
        (#""\u00e9\u20AC\ud83d\ude00""#, .text("é€😀")), ("\"é€😀\"", .text("é€😀")),
        ("[]", .list([])), ("[ ]", .list([])), ("{}", .object([])), ("{ }", .object([])),
        ("[1,[2],{}]", .list([.integer(1), .list([.integer(2)]), .object([])])),
        (
            "\r\n\t{ \"b\" : 1 , \"a\" : [ true , null ] }\n",
            .object([
                Value.Member("b", .integer(1)), Value.Member("a", .list([.flag(true), .null])),
            ])
        ),
    ]

    @Test(
        "is what the text says",
        arguments: readings)
    func reads(text: String, expected: Value) throws {
        #expect(try parse(text) == expected)
    }

    private static let refusals: [(String, JSONError.Reason, Int)] = [
        ("", JSONError.Reason.unfinished, 0), ("  ", .unfinished, 2), ("[", .unfinished, 1),
        ("{", .unfinished, 1), ("[1", .unfinished, 2), ("{\"a\"", .unfinished, 4),
        ("{\"a\":", .unfinished, 5), ("\"abc", .unfinished, 4), ("tru", .unfinished, 3),
        ("\"\\", .unfinished, 2), ("\"\\u00", .unfinished, 5), ("-", .unfinished, 0),
        ("1.", .unfinished, 0), ("1e", .unfinished, 0), ("1e+", .unfinished, 0),
        ("[1,]", .unexpected, 3), ("{\"a\":1,}", .unexpected, 7), ("[,1]", .unexpected, 1),
        ("[1 2]", .unexpected, 3), ("{a:1}", .unexpected, 1), ("{\"a\" 1}", .unexpected, 5),
        ("{1:2}", .unexpected, 1), ("nul!", .unexpected, 3), ("truE", .unexpected, 3),
        ("1 2", .unexpected, 2), ("{}x", .unexpected, 2), ("]", .unexpected, 0),
        ("+1", .unexpected, 0), (".5", .unexpected, 0), ("NaN", .unexpected, 0),
        ("Infinity", .unexpected, 0), ("'a'", .unexpected, 0), ("[1}", .unexpected, 2),
        ("\"a\nb\"", .unexpected, 2), ("\"\u{01}\"", .unexpected, 1),
        ("\u{FEFF}{}", .unexpected, 0), ("/**/1", .unexpected, 0),
        ("01 ", .notANumber, 0), ("-01 ", .notANumber, 0), ("1.x", .notANumber, 0),
        ("1ex", .notANumber, 0), ("-x", .notANumber, 0), ("[-]", .notANumber, 1),
        ("1e999", .overflow, 0), ("-1e999", .overflow, 0), ("1e21", .overflow, 0),
        ("170141183460469231731.687303715884105728", .overflow, 0),
        (#""\x""#, .badEscape, 1), (#""\ud800""#, .badEscape, 1),
        (#""\udc00""#, .badEscape, 1), (#""\ud800\n123456""#, .badEscape, 1),
        (#""\ud800\ud800""#, .badEscape, 1), (#""\u12g4""#, .badEscape, 1),
        (#""a\u0000""#, .nulCharacter, 2), ("{\"a\":1,\"a\":2}", .duplicateName, 7),
    ]

    @Test(
        "is refused with reason and offset when it is none",
        arguments: refusals)
    func refuses(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason, at: offset)) { try parse(text) }
    }

    @Test(
        "is refused when it is no UTF-8",
        arguments: [
            ([0x22, 0x80, 0x22], 1), ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0xC3], 1),
            ([0x22, 0xE0, 0x80, 0x80, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], 1), ([0x22, 0xE2, 0x82, 0x22], 1),
            ([0x22, 0x61, 0xC3, 0xA9, 0xFF, 0x22], 4),
        ] as [([UInt8], Int)])
    func refusesOtherEncodings(bytes: [UInt8], offset: Int) {
        #expect(throws: JSONError(.notUTF8, at: offset)) { try JSONDocument.parse(bytes) }
    }

    @Test("may hold sixteen containers inside each other, not seventeen")
    func limitsDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parse(nested(16))
        #expect(throws: JSONError(.tooDeep, at: 16)) { try parse(nested(17)) }
        #expect(throws: JSONError(.tooDeep, at: 16)) { try parse(nested(30_000)) }
        let objects = String(repeating: "{\"a\":", count: 17)
        #expect(throws: JSONError(.tooDeep, at: 16 * 5)) { try parse(objects) }
    }

    @Test("may be as long as its limit, not longer")
    func limitsSize() throws {
        let text = "\"" + String(repeating: "x", count: 65_534) + "\""
        _ = try parse(text)
        #expect(throws: JSONError(.tooLarge, at: 65_536)) { try parse(text + " ") }
        _ = try JSONDocument.parse(Array((text + " ").utf8), limit: JSONReader.frameLimit)
        let huge = [UInt8](repeating: UInt8(ascii: "["), count: 10_000_000)
        #expect(throws: JSONError(.tooLarge, at: 65_536)) { try JSONDocument.parse(huge) }
    }

    @Test("names twice in a large object are found")
    func findsLateDuplicates() {
        let members = (0..<40).map { "\"n\($0)\":\($0)" } + ["\"n33\":1"]
        #expect(throws: JSONError.self) { try parse("{" + members.joined(separator: ",") + "}") }
    }

    @Test("written and read again is the same value", arguments: 0..<300)
    func roundTrips(seed: Int) throws {
        var documents = RandomDocuments(seed: UInt64(seed))
        let value = documents.value()
        let bytes = JSONWriter.bytes(value)
        #expect(try JSONDocument.parse(bytes, limit: .max) == value, "seed \(seed)")
    }

    @Test("is what Foundation reads", arguments: 0..<200)
    func agreesWithFoundation(seed: Int) throws {
        var documents = RandomDocuments(seed: 1_000 + UInt64(seed))
        let value = documents.value()
        let bytes = JSONWriter.bytes(value)
        let theirs = try JSONSerialization.jsonObject(
            with: Data(bytes), options: [.fragmentsAllowed])
        #expect(same(value, theirs), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
    }

    @Test("is refused where Foundation refuses it, whatever byte is changed", arguments: 0..<40)
    func refusesWhatFoundationRefuses(seed: Int) throws {
        var documents = RandomDocuments(seed: 5_000 + UInt64(seed))
        let bytes = JSONWriter.bytes(documents.value(depth: 3))
        for index in bytes.indices.prefix(300) {
            var changed = bytes
            changed[index] = UInt8(truncatingIfNeeded: documents.random.next())
            let ours = try? JSONDocument.parse(changed)
            guard ours != nil else { continue }
            let theirs = try? JSONSerialization.jsonObject(
                with: Data(changed), options: [.fragmentsAllowed])
            #expect(theirs != nil, "seed \(seed): \(String(decoding: changed, as: UTF8.self))")
        }
    }

    private func same(_ ours: Value, _ theirs: Any) -> Bool {
        switch ours {
        case .null: theirs is NSNull
        case .flag(let flag): (theirs as? Bool) == flag
        case .integer(let integer): (theirs as? NSNumber)?.int64Value == integer
        case .decimal(let raw):
            (theirs as? NSNumber).map {
                let double = Double(raw) / 1e18
                return abs($0.doubleValue - double) <= abs(double) * 1e-12
            } ?? false
        case .text(let text): (theirs as? String) == text
        case .list(let list):
            (theirs as? [Any]).map {
                $0.count == list.count && zip(list, $0).allSatisfy { same($0, $1) }
            } ?? false
        case .object(let members):
            (theirs as? [String: Any]).map { object in
                object.count == members.count
                    && members.allSatisfy { member in
                        object[member.name].map { same(member.value, $0) } ?? false
                    }
            } ?? false
        }
    }
}
