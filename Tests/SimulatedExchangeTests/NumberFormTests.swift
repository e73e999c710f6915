import CoreModels
import Testing

@testable import SimulatedExchange

@Suite("The exchange's ways of writing numbers")
struct NumberFormTests {
    @Test(
        "each form is exact",
        arguments: [
            ("84055", NumberForm.plain, "84055"), ("0.0805", .plain, "0.0805"),
            ("-47.2", .plain, "-47.2"), ("0", .plain, "0"),
            ("0.08055", .padded(6), "0.080550"), ("84055", .padded(1), "84055.0"),
            ("0.1234567", .padded(3), "0.1234567"), ("7", .padded(0), "7"),
            ("75480", .scientific, "7.548E+4"), ("100", .scientific, "1E+2"),
            ("0.00000015", .scientific, "1.5E-7"), ("-12.5", .scientific, "-1.25E+1"),
            ("0", .scientific, "0"), ("61062435.67181", .double, "6.106243567181E7"),
            ("5587051", .double, "5587051.0"), ("10000000", .double, "1.0E7"),
            ("0.001", .double, "0.001"), ("0.0009", .double, "9.0E-4"), ("0", .double, "0.0"),
        ])
    func forms(_ number: String, _ form: NumberForm, _ text: String) throws {
        let raw = try #require(Ratio(number)).raw
        let digits = form.digits(of: raw)
        #expect(String(decoding: digits, as: UTF8.self) == text)
        #expect(Ratio(ascii: digits)?.raw == raw)
    }
}
