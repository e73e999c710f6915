import CoreModels
import Testing
import WireFormats

private func read<T>(
    _ text: String, _ body: (inout JSONReader) throws(JSONError) -> T
) throws(JSONError) -> T {
    let bytes = Array(text.utf8)
    return try JSONReader.read(bytes.span.bytes, body)
}

@Suite("The pull reader") struct JSONReaderTests {
    private static let names = JSONNames(["type", "price", "average_entry_price_of_all", "x"])

    private func members(_ text: String) throws(JSONError) -> [Int] {
        try read(text) { reader throws(JSONError) in
            var found: [Int] = []
            var cursor = JSONNames.Cursor()
            try reader.beginObject()
            while let index = try reader.nextMember(of: Self.names, &cursor) {
                found.append(index)
                try reader.skip()
            }
            return found
        }
    }

    @Test(
        "knows members by their number in the list, in any order, and skips others",
        arguments: [
            ("{}", []),
            (#"{"type":1,"price":2,"average_entry_price_of_all":3,"x":4}"#, [0, 1, 2, 3]),
            (#"{"x":4,"price":2,"type":1}"#, [3, 1, 0]),
            (#"{ "price" : 2 , "other":{"type":[1,{}]}, "x" : "a" }"#, [1, 3]),
            (#"{"pric":1,"prices":2,"pricf":3,"typ\u0065":4}"#, [0]),
            (#"{"price":2,"padding":"0123456789012345678901234567"}"#, [1]),
        ])
    func knowsMembers(text: String, expected: [Int]) throws {
        #expect(try members(text) == expected)
    }

    @Test(
        "refuses a known member that stands twice",
        arguments: [
            #"{"type":1,"type":2}"#, #"{"type":1,"x":1,"ty\u0070e":2}"#,
            #"{"type":1,"type":2,"padding":"0123456789012345678901234567"}"#,
        ])
    func refusesDoubles(text: String) {
        #expect { try members(text) } throws: { ($0 as? JSONError)?.reason == .duplicateName }
    }

    @Test(
        "checks what it skips",
        arguments: [
            (#"{"other":[1,],"type":1}"#, JSONError.Reason.unexpected),
            (#"{"other":"\ud800"}"#, .badEscape), (#"{"other":01}"#, .notANumber),
            (#"{"other":{"a":nul}}"#, .unexpected),
        ])
    func checksSkipped(text: String, reason: JSONError.Reason) {
        #expect { try members(text) } throws: { ($0 as? JSONError)?.reason == reason }
    }

    @Test(
        "passes a value and reads it later, where it stood",
        arguments: [
            (#"{"x":12.50,"type":1}"#, 12), (#"{"type":[1,{"a":"]}\""},[]],"x": 7 }"#, 7),
            (#"{"type":"\u005d","x":3,"price":{"a":[[]]}}"#, 3), (#"{"x":-1e1,"type":null}"#, -10),
        ])
    func passes(text: String, expected: Int) throws {
        let value = try read(text) { reader throws(JSONError) in
            var place: JSONReader?
            var cursor = JSONNames.Cursor()
            try reader.beginObject()
            while let index = try reader.nextMember(of: Self.names, &cursor) {
                if index == 3 { place = reader.standing(at: reader.offset) }
                try reader.pass()
            }
            return try place?.decimal()
        }
        #expect(value == Int128(expected) * FixedArithmetic.one + (expected == 12 ? half : 0))
    }

    private var half: Int128 { FixedArithmetic.one / 2 }

    @Test(
        "passes nothing that has no end, and nothing too deep",
        arguments: [
            (#"{"x":[1,{"a":2}"#, JSONError.Reason.unfinished), (#"{"x":"abc"#, .unfinished),
            (#"{"x":,"type":1}"#, .unexpected), (#"{"x":12"#, .unfinished),
            (#"{"x":"# + String(repeating: "[", count: 16), .tooDeep),
        ])
    func passesNot(text: String, reason: JSONError.Reason) {
        let error = #expect(throws: JSONError.self) {
            try read(text) { reader throws(JSONError) in
                var cursor = JSONNames.Cursor()
                try reader.beginObject()
                while try reader.nextMember(of: Self.names, &cursor) != nil { try reader.pass() }
            }
        }
        #expect(error?.reason == reason)
    }

    @Test("skips escapes it would not keep")
    func skipsNul() throws {
        #expect(try members(#"{"other":"\u0000","x":1}"#) == [3])
    }

    private static let decimals: [(String, String?)] = [
        ("45000.0", "45000.0"), ("\"45000.0\"", "45000.0"), ("\"-1e-7\"", "-0.0000001"),
        ("6.1E7", "61000000.0"), ("0.080550", "0.08055"), ("00", nil), ("\"\"", nil),
        ("\" 1\"", nil), ("\"1 \"", nil), ("\"0x10\"", nil), ("\"NaN\"", nil), ("NaN", nil),
        ("0.00000000002947", "0.00000000002947"), ("73000000000000.5", "73000000000000.5"),
        ("123456789012345678.9", "123456789012345678.9"), ("\"1e999\"", nil), ("true", nil),
        ("1234567890123456789", "1234567890123456789.0"), ("[]", nil), ("null", nil),
        ("0.1234567890123456789", "0.123456789012345678"),
    ]

    @Test(
        "reads numbers into fixed-point without a Double, also out of texts",
        arguments: decimals)
    func readsDecimals(text: String, expected: String?) {
        for form in [text, " \(text) "] {
            let read = try? read(form) { reader throws(JSONError) in try reader.decimal() }
            #expect(read.map { Ratio(raw: $0).description } == expected)
        }
        let inside = try? read("[\(text),1]") { reader throws(JSONError) in
            try reader.beginArray()
            _ = try reader.nextElement()
            let raw = try reader.decimal()
            while try reader.nextElement() { try reader.skip() }
            return raw
        }
        #expect(inside.map { Ratio(raw: $0).description } == expected)
    }

    @Test("reads every number Fixed writes", arguments: 0..<50)
    func roundTripsDecimals(seed: Int) throws {
        var random = SplitMix(UInt64(seed))
        for _ in 0..<100 {
            let wide =
                Int128(Int64(truncatingIfNeeded: random.next())) << 64 | Int128(random.next())
            let raw = wide >> Int128(Int.random(in: 0..<127, using: &random))
            let cut = raw - raw % FixedArithmetic.powerOfTen(Int.random(in: 0...20, using: &random))
            for number in [raw, cut, -cut.magnitudeClamped] {
                var writer = JSONWriter()
                writer.decimal(number)
                let bytes = writer.bytes
                var expected: [UInt8] = []
                DecimalText.append(number, to: &expected)
                #expect(bytes == expected, "seed \(seed), raw \(number)")
                let back = try JSONReader.read(bytes.span.bytes) { reader throws(JSONError) in
                    try reader.decimal()
                }
                #expect(back == number, "seed \(seed), raw \(number)")
            }
        }
    }

    private static let integers: [(String, Int64?)] = [
        ("7", 7), ("-7", -7), ("7.0", 7), ("\"7\"", 7), ("7e2", 700), ("7.5", nil),
        ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ("9223372036854775808", nil), ("1e30", nil), ("\"x\"", nil),
        ("1767225600000", 1_767_225_600_000),
    ]

    @Test(
        "reads whole numbers of 64 bits",
        arguments: integers)
    func readsIntegers(text: String, expected: Int64?) {
        #expect((try? read(text) { reader throws(JSONError) in try reader.integer() }) == expected)
    }

    @Test("says what it found when another kind was asked for")
    func namesWrongTypes() {
        #expect(throws: JSONError(.wrongType, at: 1)) {
            try read(" \"a\"") { reader throws(JSONError) in try reader.flag() }
        }
        #expect(throws: JSONError(.wrongType, at: 0)) {
            try read("[]") { reader throws(JSONError) in try reader.beginObject() }
        }
        #expect(throws: JSONError(.wrongType, at: 0)) {
            try read("7") { reader throws(JSONError) in try reader.text() }
        }
        #expect(throws: JSONError(.unexpected, at: 1)) {
            try read("1x") { reader throws(JSONError) in try reader.skip() }
        }
    }

    @Test("never traps on any bytes", arguments: 0..<200)
    func survivesNoise(seed: Int) {
        var random = SplitMix(UInt64(seed))
        let alphabet = Array(#"{}[]",:\u0123456789eE+-.truefalsnd "#.utf8) + [0xC3, 0xA9, 0x80, 0]
        let bytes = (0..<Int.random(in: 0..<120, using: &random)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }
        let first = Result { try JSONDocument.parse(bytes) }
        let second = Result { try JSONDocument.parse(bytes) }
        switch (first, second) {
        case (.success(let a), .success(let b)): #expect(a == b)
        case (.failure(let a as JSONError), .failure(let b as JSONError)):
            #expect(a == b && a.offset <= bytes.count)
        default: Issue.record("two readings of the same bytes differ, seed \(seed)")
        }
    }
}

extension Int128 {
    /// The magnitude, held within the type.
    fileprivate var magnitudeClamped: Int128 { self == .min ? .max : (self < 0 ? -self : self) }
}
