import CoreModels
import Testing
import WireFormats

@Suite("The writer") struct JSONWriterTests {
    private static let writings: [(Value, String)] = [
        (Value.null, "null"), (.flag(true), "true"), (.integer(-5), "-5"),
        (.integer(.min), "-9223372036854775808"), (.decimal(0), "0.0"),
        (.decimal(-1), "-0.000000000000000001"),
        (.decimal(.max), "170141183460469231731.687303715884105727"),
        (.text("a\"b\\c/d"), #""a\"b\\c/d""#),
        (.text("\n\r\t\u{08}\u{1F}"), #""\n\r\t\u0008\u001f""#),
        (.text("é€😀\u{7F}"), "\"é€😀\u{7F}\""), (.text("a\0b"), "\"a\u{FFFD}b\""),
        (.list([]), "[]"), (.object([]), "{}"),
        (.list([.integer(1), .list([.null, .flag(false)]), .text("")]), #"[1,[null,false],""]"#),
        (
            .object([
                Value.Member("z", .object([Value.Member("\"", .integer(1))])),
                Value.Member("a", .list([])),
            ]),
            #"{"z":{"\"":1},"a":[]}"#
        ),
    ]

    @Test(
        "writes a value in one way only",
        arguments: writings)
    func writes(value: Value, expected: String) {
        #expect(String(decoding: JSONWriter.bytes(value), as: UTF8.self) == expected)
    }

    @Test("appends to what is there")
    func appends() {
        var bytes = Array("x=".utf8)
        JSONWriter.append(.list([.integer(1), .integer(2)]), to: &bytes)
        JSONWriter.append(.flag(false), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "x=[1,2]false")
    }
}
