import CoreModels

/// Numbers out of a span of bytes, on the path that is taken millions of times a second.
enum NumberText {
    /// A decimal number as raw fixed-point (× 10⁻¹⁸); nil when it is none. Plain digits take a
    /// short way, everything else (sign, exponent, 39 bytes and more) that of `DecimalText`.
    @inline(__always)
    static func decimal(_ bytes: Span<UInt8>, _ place: Range<Int>) -> Int128? {
        guard place.count <= 19 else { return longDecimal(bytes, place) }
        var digits: UInt64 = 0
        var point = -1
        for index in place {
            let byte = bytes[index]
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                digits = digits &* 10 &+ UInt64(digit)
            } else if byte == UInt8(ascii: "."), point < 0 {
                point = index
            } else {
                return slowDecimal(bytes, place)
            }
        }
        guard place.lowerBound < place.upperBound else { return nil }
        guard point >= 0 else { return Int128(digits) * FixedArithmetic.one }
        guard point > place.lowerBound, point < place.upperBound - 1 else { return nil }
        return Int128(digits) * Int128(power(18 - (place.upperBound - 1 - point)))
    }

    /// 20 to 38 bytes: the same with 128 bits.
    private static func longDecimal(_ bytes: Span<UInt8>, _ place: Range<Int>) -> Int128? {
        guard place.count <= 38 else { return slowDecimal(bytes, place) }
        var digits: Int128 = 0
        var decimals = -1
        for index in place {
            let digit = bytes[index] &- UInt8(ascii: "0")
            if digit < 10 {
                if decimals == 18 { continue }
                digits = digits * 10 + Int128(digit)
                if decimals >= 0 { decimals += 1 }
            } else if bytes[index] == UInt8(ascii: "."), decimals < 0, index > place.lowerBound {
                decimals = 0
            } else {
                return slowDecimal(bytes, place)
            }
        }
        guard decimals != 0 else { return nil }
        let (raw, overflow) = digits.multipliedReportingOverflow(
            by: FixedArithmetic.powerOfTen(18 - max(decimals, 0)))
        return overflow ? nil : raw
    }

    private static func slowDecimal(_ bytes: Span<UInt8>, _ place: Range<Int>) -> Int128? {
        DecimalText.parse(place.map { bytes[$0] })
    }

    /// Epoch time in whole milliseconds. The size of the number tells its unit: below 10¹¹ seconds
    /// (unless the column's name says milliseconds), below 10¹⁴ milliseconds, below 10¹⁷
    /// microseconds, else nanoseconds. Parts of a millisecond are cut. Nil unless it lies between
    /// 1970 and 2100.
    @inline(__always)
    static func milliseconds(
        _ bytes: Span<UInt8>, _ place: Range<Int>, namedMilliseconds: Bool
    ) -> Int64? {
        guard !place.isEmpty, place.count <= 19 else { return nil }
        var value: UInt64 = 0
        for index in place {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return fractionalMilliseconds(bytes, place, namedMilliseconds) }
            value = value &* 10 &+ UInt64(digit)
        }
        if value < 100_000_000_000 {
            if !namedMilliseconds { value *= 1000 }
        } else if value >= 100_000_000_000_000_000 {
            value /= 1_000_000
        } else if value >= 100_000_000_000_000 {
            value /= 1000
        }
        return value > 0 && value < 4_102_444_800_000 ? Int64(value) : nil
    }

    /// `1700000000.123`, `1.7E12`.
    private static func fractionalMilliseconds(
        _ bytes: Span<UInt8>, _ place: Range<Int>, _ namedMilliseconds: Bool
    ) -> Int64? {
        guard let raw = slowDecimal(bytes, place), raw > 0 else { return nil }
        let seconds = raw < 100_000_000_000 * FixedArithmetic.one && !namedMilliseconds
        let milliseconds = raw / (FixedArithmetic.one / (seconds ? 1000 : 1))
        return milliseconds < 4_102_444_800_000 ? Int64(milliseconds) : nil
    }

    /// 10^`exponent`, exponent 0…18. A switch becomes a table; a table would be built at each use.
    @inline(__always)
    static func power(_ exponent: Int) -> UInt64 {
        switch exponent {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        case 8: 100_000_000
        case 9: 1_000_000_000
        case 10: 10_000_000_000
        case 11: 100_000_000_000
        case 12: 1_000_000_000_000
        case 13: 10_000_000_000_000
        case 14: 100_000_000_000_000
        case 15: 1_000_000_000_000_000
        case 16: 10_000_000_000_000_000
        case 17: 100_000_000_000_000_000
        case 18: 1_000_000_000_000_000_000
        default: preconditionFailure("no number here has more than 18 decimals")
        }
    }
}
