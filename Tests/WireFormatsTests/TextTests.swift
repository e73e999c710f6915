import CoreModels
import Foundation
import Testing
import WireFormats

@Suite("ISO 8601") struct ISO8601Tests {
    private static let moments: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (1_767_225_600_000, "2026-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ]

    @Test(
        "names a moment in one way",
        arguments: moments)
    func names(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(ISO8601.text(moment) == text)
        #expect(ISO8601.timestamp(text) == moment)
    }

    @Test("holds moments beyond four-digit years at the border")
    func holdsBorders() {
        #expect(ISO8601.text(Timestamp(milliseconds: .max)) == "9999-12-31T23:59:59.999Z")
        #expect(ISO8601.text(Timestamp(milliseconds: .min)) == "0000-01-01T00:00:00.000Z")
    }

    private static let forms: [(String, Int64?)] = [
        ("2026-01-01", 1_767_225_600_000), ("2026-01-01T00:00Z", 1_767_225_600_000),
        ("2026-01-01 00:00:00", 1_767_225_600_000),
        ("2026-01-01T01:00:00+01:00", 1_767_225_600_000),
        ("2025-12-31T22:30:00.5-01:30", 1_767_225_600_500),
        ("2026-01-01t00:00:00.123456789z", 1_767_225_600_123),
        ("2026-02-29", nil), ("2026-13-01", nil), ("2026-00-10", nil), ("2026-01-32", nil),
        ("2026-01-01T24:00:00Z", nil), ("2026-01-01T00:60:00Z", nil), ("2026-1-1", nil),
        ("2026-01-01T", nil), ("2026-01-01T00:00:00.Z", nil), ("", nil), ("x", nil),
        ("2026-01-01T00:00:00Zx", nil), ("2026-01-01T00:00:00.1234567890Z", nil),
        ("+2026-01-01", nil),
    ]

    @Test(
        "reads the forms people write",
        arguments: forms)
    func reads(text: String, milliseconds: Int64?) {
        #expect(ISO8601.timestamp(text)?.milliseconds == milliseconds)
    }

    @Test("agrees with Foundation", arguments: 0..<100)
    func agreesWithFoundation(seed: Int) {
        var random = SplitMix(UInt64(seed))
        let seconds = Int64.random(in: 0...4_102_444_800, using: &random)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        let theirs = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
        #expect(ISO8601.timestamp(theirs)?.milliseconds == seconds * 1000, "seed \(seed)")
        #expect(
            ISO8601.text(Timestamp(milliseconds: seconds * 1000)) == theirs.dropLast() + ".000Z")
    }
}

@Suite("Hexadecimal") struct HexadecimalTests {
    @Test("is two digits a byte, both ways")
    func roundTrips() {
        let bytes = Array(UInt8.min...UInt8.max)
        let text = Hexadecimal.text(bytes)
        #expect(text.utf8.count == 512 && text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hexadecimal.bytes(text) == bytes)
        #expect(Hexadecimal.bytes(text.uppercased()) == bytes)
    }

    @Test("is refused when it is none", arguments: ["0", "0g", "zz", " 00", "é"])
    func refuses(text: String) { #expect(Hexadecimal.bytes(text) == nil) }
}
