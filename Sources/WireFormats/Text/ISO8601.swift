public import CoreModels

/// Moments as `2026-01-01T00:00:00.000Z`, in the proleptic Gregorian calendar.
public enum ISO8601 {
    /// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
    private static let bounds: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// The text with milliseconds; a moment outside the years 0…9999 is held at that border.
    public static func text(_ timestamp: Timestamp) -> String {
        let moment = min(max(timestamp.milliseconds, bounds.lowerBound), bounds.upperBound)
        let days = Timestamp(milliseconds: moment).startOfDay.milliseconds / 86_400_000
        let rest = moment - days * 86_400_000
        let (year, month, date) = civil(days)
        var text: [UInt8] = []
        append(year, digits: 4, to: &text)
        for (mark, value, digits) in [
            ("-", month, 2), ("-", date, 2), ("T", rest / 3_600_000, 2),
            (":", rest / 60_000 % 60, 2), (":", rest / 1000 % 60, 2), (".", rest % 1000, 3),
        ] {
            text.append(contentsOf: mark.utf8)
            append(value, digits: digits, to: &text)
        }
        return String(decoding: text, as: UTF8.self) + "Z"
    }

    /// Reads `2026-01-01`, `2026-01-01T00:00Z`, `2026-01-01T00:00:00Z` and `…:00.123Z` (one to
    /// nine decimals, cut to milliseconds); `T` may be a blank, `Z` an offset `±HH:MM` or absent
    /// (UTC). Nil for anything else.
    public static func timestamp(_ text: String) -> Timestamp? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let milliseconds = scanner.moment(), scanner.isAtEnd else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    private static func append(_ value: Int64, digits: Int, to text: inout [UInt8]) {
        let start = text.count
        DecimalText.appendInteger(UInt64(value), to: &text)
        let padding = digits - (text.count - start)
        text.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: padding), at: start)
    }

    /// Year, month 1…12 and day 1…31 of a day counted from 1970-01-01 (Hinnant's algorithm).
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The inverse of `civil`; nil for a day the month does not have.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return civil(days) == (year, month, day) ? days : nil
    }

    private struct Scanner {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        mutating func moment() -> Int64? {
            guard let year = number(4), take("-"), let month = number(2), take("-"),
                let day = number(2), let days = ISO8601.days(year: year, month: month, day: day)
            else { return nil }
            let midnight = days * 86_400_000
            if isAtEnd { return midnight }
            guard take("T") || take("t") || take(" "), let clock = clock() else { return nil }
            return zone().map { midnight + clock - $0 }
        }

        private mutating func clock() -> Int64? {
            guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60
            else { return nil }
            var milliseconds = (hour * 60 + minute) * 60_000
            guard take(":") else { return milliseconds }
            guard let second = number(2), second < 60 else { return nil }
            milliseconds += second * 1000
            guard take(".") else { return milliseconds }
            var unit: Int64 = 100
            var count = 0
            while let digit = number(1) {
                milliseconds += digit * unit
                unit /= 10
                count += 1
            }
            return (1...9).contains(count) ? milliseconds : nil
        }

        private mutating func zone() -> Int64? {
            if isAtEnd || take("Z") || take("z") { return 0 }
            let sign: Int64 = take("-") ? -1 : 1
            guard sign < 0 || take("+"), let hour = number(2), hour < 24, take(":"),
                let minute = number(2), minute < 60
            else { return nil }
            return sign * (hour * 60 + minute) * 60_000
        }

        private mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
            index += 1
            return true
        }

        private mutating func number(_ digits: Int) -> Int64? {
            guard index + digits <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[index..<index + digits] {
                guard let digit = Hexadecimal.digit(byte), digit < 10 else { return nil }
                value = value * 10 + Int64(digit)
            }
            index += digits
            return value
        }
    }
}
