import CoreModels

extension JSONReader {
    /// A number as it was scanned: enough to convert nearly all without reading it again.
    struct NumberToken {
        let start: Int
        var end: Int
        var isNegative = false
        /// Significant digits as an integer; meaningless when there are more than 18.
        var digits: UInt64 = 0
        var significant = 0
        /// Digits behind the point.
        var decimals = 0
        var hasPoint = false
        var hasExponent = false

        var isShort: Bool { significant <= 18 && decimals <= 18 && !hasExponent }
    }

    /// Reads a number, or a text that holds one, as a raw fixed-point integer (× 10⁻¹⁸). Digits
    /// beyond the 18th behind the point are cut.
    public mutating func decimal() throws(JSONError) -> Int128 {
        skipBlanks()
        if let short = takeShortNumber() {
            let magnitude = Int128(short.digits) &* Int128(Self.powersOfTen[18 - short.decimals])
            return short.isNegative ? -magnitude : magnitude
        }
        return try decimal(of: anyNumber())
    }

    /// Reads a whole number, or a text that holds one: `7`, `7.0`, `"7"`, `7e2`.
    public mutating func integer() throws(JSONError) -> Int64 {
        if let short = takeShortInteger() { return short }
        let token = try anyNumber()
        let raw = try decimal(of: token)
        guard raw % FixedArithmetic.one == 0 else { throw JSONError(.wrongType, at: token.start) }
        guard let value = Int64(exactly: raw / FixedArithmetic.one) else {
            throw JSONError(.overflow, at: token.start)
        }
        return value
    }

    /// Reads a whole number of at most 18 digits without point or exponent, if one is next.
    public mutating func takeShortInteger() -> Int64? {
        skipBlanks()
        let start = offset
        guard let short = takeShortNumber() else { return nil }
        guard short.decimals == 0 else {
            offset = start
            return nil
        }
        return short.isNegative ? -Int64(short.digits) : Int64(short.digits)
    }

    /// The usual number, with at most 18 digits and no exponent, in one sweep; nil (and nothing
    /// read) for all others, right or wrong.
    @inline(__always)
    private mutating func takeShortNumber()
        -> (digits: UInt64, decimals: Int, isNegative: Bool)?
    {
        var index = offset
        // Behind a number something has to follow, so the last byte is never part of one.
        let limit = min(bytes.count - 1, index + 20)
        guard index < limit else { return nil }
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var digits: UInt64 = 0
        while index < limit, bytes[index] &- 48 < 10 {
            digits = digits &* 10 &+ UInt64(bytes[index] &- 48)
            index += 1
        }
        let whole = index - start
        guard whole > 0, whole == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
        var decimals = 0
        if bytes[index] == UInt8(ascii: ".") {
            let point = index
            index += 1
            while index < limit, bytes[index] &- 48 < 10 {
                digits = digits &* 10 &+ UInt64(bytes[index] &- 48)
                index += 1
            }
            decimals = index - point - 1
            guard decimals > 0 else { return nil }
        }
        let next = bytes[index]
        guard whole + decimals <= 18,
            next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || next == UInt8(ascii: "]")
        else { return nil }
        offset = index
        return (digits, decimals, isNegative)
    }

    /// Reads a number as it stands there.
    mutating func numberToken() throws(JSONError) -> NumberToken {
        skipBlanks()
        let token = try scanNumber(from: offset, to: bytes.count)
        offset = token.end
        return token
    }

    func decimal(of token: NumberToken) throws(JSONError) -> Int128 {
        if token.isShort {
            let power = Self.powersOfTen[18 - token.decimals]
            let magnitude = Int128(token.digits) &* Int128(power)
            return token.isNegative ? -magnitude : magnitude
        }
        guard let raw = DecimalText.parse(slice(token.start, token.end - token.start)) else {
            throw JSONError(.overflow, at: token.start)
        }
        return raw
    }

    private mutating func anyNumber() throws(JSONError) -> NumberToken {
        switch try peek() {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try numberToken()
        case UInt8(ascii: "\""):
            let text = try text()
            let end = text.start + text.count
            guard !text.isEscaped, text.count > 0 else {
                throw JSONError(.notANumber, at: text.start)
            }
            let token = try scanNumber(from: text.start, to: end)
            guard token.end == end else { throw JSONError(.notANumber, at: text.start) }
            return token
        // Python writes `NaN` and `Infinity`.
        case UInt8(ascii: "N"), UInt8(ascii: "I"): throw JSONError(.notANumber, at: offset)
        default: throw try wrongType()
        }
    }

    /// One number of JSON's grammar from `start`; where it ends is for the caller to judge.
    private func scanNumber(from start: Int, to limit: Int) throws(JSONError) -> NumberToken {
        var token = NumberToken(start: start, end: start)
        if start < limit, byte(start) == UInt8(ascii: "-") {
            token.isNegative = true
            token.end += 1
        }
        let whole = token.end
        takeDigits(&token, to: limit)
        let count = token.end - whole
        if count == 0 || count > 1 && byte(whole) == UInt8(ascii: "0") {
            throw JSONError(token.end == bytes.count ? .unfinished : .notANumber, at: start)
        }
        if token.end < limit, byte(token.end) == UInt8(ascii: ".") {
            token.hasPoint = true
            token.end += 1
            let fraction = token.end
            takeDigits(&token, to: limit)
            token.decimals = token.end - fraction
            if token.decimals == 0 {
                throw JSONError(token.end == bytes.count ? .unfinished : .notANumber, at: start)
            }
        }
        if token.end < limit, byte(token.end) | 0x20 == UInt8(ascii: "e") {
            try takeExponent(&token, to: limit)
        }
        return token
    }

    private func takeDigits(_ token: inout NumberToken, to limit: Int) {
        while token.end < limit {
            let digit = byte(token.end) &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            token.digits = token.digits &* 10 &+ UInt64(digit)
            if token.digits != 0 { token.significant += 1 }
            token.end += 1
        }
    }

    private func takeExponent(_ token: inout NumberToken, to limit: Int) throws(JSONError) {
        token.hasExponent = true
        token.end += 1
        if token.end < limit,
            byte(token.end) == UInt8(ascii: "-") || byte(token.end) == UInt8(ascii: "+")
        {
            token.end += 1
        }
        let digits = token.end
        while token.end < limit, byte(token.end) &- UInt8(ascii: "0") < 10 { token.end += 1 }
        guard token.end > digits else {
            throw JSONError(token.end == bytes.count ? .unfinished : .notANumber, at: token.start)
        }
    }

    private static let powersOfTen: [UInt64] = (0...18).map { exponent in
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
