extension Fixed {
    /// Reads a decimal number in any form others write: `45000`, `0.080550`, `7.548E+4`, `-1e-7`.
    ///
    /// Digits beyond the 18th after the point are cut (toward zero). Nil when the text is no number
    /// (`NaN`, `1.`, `.5`, `+1`, blanks), longer than 400 bytes, or beyond ±1.7·10²⁰.
    public init?(ascii bytes: some Sequence<UInt8>) {
        guard let raw = DecimalText.parse(bytes) else { return nil }
        self.init(raw: raw)
    }

    /// As `init(ascii:)`, from a `String`.
    public init?(_ text: String) {
        self.init(ascii: text.utf8)
    }
}

extension Fixed: CustomStringConvertible {
    /// Exact, without exponent, with at least and at most needed decimals: `45000.0`, `0.00001234`.
    public var description: String {
        var bytes: [UInt8] = []
        DecimalText.append(raw, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Decimal digits to raw fixed-point integers and back, without a `Double` in between.
public enum DecimalText {
    /// The raw value (× 10⁻¹⁸) of a JSON-style number; see `Fixed.init(ascii:)`.
    @inlinable
    public static func parse(_ bytes: some Sequence<UInt8>) -> Int128? {
        var reader = DecimalReader()
        for byte in bytes {
            guard reader.take(byte) else { return nil }
        }
        return reader.finish()
    }

    /// Appends the shortest exact decimal text with at least one digit after the point.
    public static func append(_ raw: Int128, to bytes: inout [UInt8]) {
        append(to: &bytes) { DecimalDigits.write(raw, to: $0) }
    }

    /// Appends the decimal digits of an unsigned integer.
    public static func appendInteger(_ value: UInt64, to bytes: inout [UInt8]) {
        append(to: &bytes) { DecimalDigits.write(value, to: $0) }
    }

    private static func append(
        to bytes: inout [UInt8], _ write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        bytes.append(addingCapacity: DecimalDigits.capacity) { output in
            output.withUnsafeMutableBufferPointer { buffer, count in
                if let target = buffer.baseAddress { count = write(target) }
            }
        }
    }
}

/// Takes the bytes of one number, one at a time; holds what fits 128 bits.
@frozen
@usableFromInline
struct DecimalReader {
    @usableFromInline
    enum State {
        case start, minus, zero, whole, point, fraction, exponentMark, exponentSign, exponent
    }

    @usableFromInline var state = State.start
    @usableFromInline var negative = false
    /// Significant digits so far, as an integer.
    @usableFromInline var digits: UInt128 = 0
    /// The same while it fits 64 bits: the fast path of nearly every number.
    @usableFromInline var shortDigits: UInt64 = 0
    @usableFromInline var significant = 0
    /// The power of ten that `digits` is to be multiplied with.
    @usableFromInline var scale = 0
    @usableFromInline var exponent = 0
    @usableFromInline var exponentNegative = false
    @usableFromInline var length = 0

    @inlinable init() {}

    /// False when this byte cannot continue a number.
    @inlinable
    mutating func take(_ byte: UInt8) -> Bool {
        length += 1
        guard length <= 400 else { return false }
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return takeDigit(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "."):
            guard state == .zero || state == .whole else { return false }
            state = .point
        case UInt8(ascii: "-"):
            if state == .start {
                negative = true
                state = .minus
            } else if state == .exponentMark {
                exponentNegative = true
                state = .exponentSign
            } else {
                return false
            }
        case UInt8(ascii: "+"):
            guard state == .exponentMark else { return false }
            state = .exponentSign
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            guard state == .zero || state == .whole || state == .fraction else { return false }
            state = .exponentMark
        default: return false
        }
        return true
    }

    @inlinable
    mutating func takeDigit(_ digit: UInt8) -> Bool {
        switch state {
        case .start, .minus:
            state = digit == 0 ? .zero : .whole
            append(digit, afterPoint: false)
        case .whole: append(digit, afterPoint: false)
        case .point, .fraction:
            state = .fraction
            append(digit, afterPoint: true)
        case .exponentMark, .exponentSign, .exponent:
            state = .exponent
            if exponent < 1000 { exponent = exponent &* 10 &+ Int(digit) }
        case .zero: return false
        }
        return true
    }

    @inlinable
    mutating func append(_ digit: UInt8, afterPoint: Bool) {
        if significant < 18 {
            shortDigits = shortDigits &* 10 &+ UInt64(digit)
        } else if significant < 39, let longer = longerDigits(digit) {
            digits = longer
        } else {
            // More than 128 bits hold: cut after the point, scale before it.
            significant = 39
            if !afterPoint { scale += 1 }
            return
        }
        if significant > 0 || digit != 0 { significant += 1 }
        if afterPoint { scale -= 1 }
    }

    /// All digits so far and one more; nil when 128 bits do not hold them.
    @inlinable
    func longerDigits(_ digit: UInt8) -> UInt128? {
        let digits = significant == 18 ? UInt128(shortDigits) : digits
        let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt128(digit))
        return overflow || carry ? nil : sum
    }

    /// The raw value, or nil when the number is unfinished or does not fit.
    @inlinable
    func finish() -> Int128? {
        switch state {
        case .zero, .whole, .fraction, .exponent: break
        case .start, .minus, .point, .exponentMark, .exponentSign: return nil
        }
        let mantissa = significant > 18 ? digits : UInt128(shortDigits)
        if mantissa == 0 { return 0 }
        let power = scale + (exponentNegative ? -exponent : exponent) + 18
        var magnitude = mantissa
        if power >= 0 {
            guard power <= 38 else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(
                by: UInt128(FixedArithmetic.powerOfTen(power)))
            guard !overflow else { return nil }
            magnitude = product
        } else {
            guard power >= -38 else { return 0 }
            magnitude /= UInt128(FixedArithmetic.powerOfTen(-power))
        }
        guard magnitude <= UInt128(Int128.max) else { return nil }
        return negative ? -Int128(magnitude) : Int128(magnitude)
    }
}
