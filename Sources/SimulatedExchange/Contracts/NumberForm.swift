import CoreModels
import WireFormats

/// The forms in which the exchange prints one and the same decimal number.
enum NumberForm: Equatable, Sendable {
    /// `84055`, `0.0805`.
    case plain
    /// At least so many digits after the point: `0.080550`.
    case padded(Int)
    /// One digit before the point: `7.548E+4`.
    case scientific
    /// As Java prints a double: `5587051.0`, `6.106243567181E7`.
    case double

    /// The digits of a raw number (× 10⁻¹⁸), exact in every form.
    func digits(of raw: Int128) -> [UInt8] {
        switch self {
        case .plain: return Self.plainDigits(of: raw)
        case .padded(let decimals):
            var digits = Self.plainDigits(of: raw)
            if decimals > 0, !digits.contains(Self.point) { digits.append(Self.point) }
            let found = digits.firstIndex(of: Self.point).map { digits.count - $0 - 1 } ?? 0
            for _ in 0..<max(0, decimals - found) { digits.append(UInt8(ascii: "0")) }
            return digits
        case .scientific: return raw == 0 ? [UInt8(ascii: "0")] : Self.power(of: raw, isJava: false)
        case .double:
            let isUsual = raw == 0 || Self.javaPlain.contains(raw.magnitude)
            guard !isUsual else {
                var digits: [UInt8] = []
                DecimalText.append(raw, to: &digits)
                return digits
            }
            return Self.power(of: raw, isJava: true)
        }
    }

    private static let point = UInt8(ascii: ".")
    /// 10⁻³ up to 10⁷: what Java prints without an exponent.
    private static let javaPlain =
        UInt128(FixedArithmetic.powerOfTen(15))..<UInt128(FixedArithmetic.powerOfTen(25))

    private static func plainDigits(of raw: Int128) -> [UInt8] {
        var digits: [UInt8] = []
        DecimalText.append(raw, to: &digits)
        if digits.suffix(2).elementsEqual(".0".utf8) { digits.removeLast(2) }
        return digits
    }

    /// `-1.25E+3` (as BigDecimal prints it) or `-1250.0` × powers as Java does: `1.25E3`.
    private static func power(of raw: Int128, isJava: Bool) -> [UInt8] {
        var significant: [UInt8] = []
        var rest = raw.magnitude
        var exponent = -19
        while rest > 0 {
            let digit = UInt8(rest % 10)
            if !significant.isEmpty || digit != 0 { significant.append(48 + digit) }
            rest /= 10
            exponent += 1
        }
        significant.reverse()
        var text: [UInt8] = raw < 0 ? [UInt8(ascii: "-")] : []
        text.append(significant[0])
        if significant.count > 1 {
            text.append(point)
            text += significant.dropFirst()
        } else if isJava {
            text += ".0".utf8
        }
        text.append(UInt8(ascii: "E"))
        if !isJava, exponent >= 0 { text.append(UInt8(ascii: "+")) }
        text += "\(exponent)".utf8
        return text
    }
}

extension JSONWriter {
    /// A raw number (× 10⁻¹⁸) in one of the exchange's forms.
    mutating func number(_ raw: Int128, _ form: NumberForm = .plain) {
        number(form.digits(of: raw))
    }
}
