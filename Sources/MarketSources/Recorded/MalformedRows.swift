/// What is wrong with one row.
public enum MalformedRow: Error, Equatable, Sendable {
    case columns(found: Int, expected: Int)
    case time
    case symbol
    case price
    case quantity
    /// High below, or low above, another price of the candle.
    case candleShape
    /// The turnover does not fit the number type.
    case overflow
    /// The change over the window, in a recording.
    case change
    /// Feed, number, interval or source, in a recording.
    case text

    public var text: String {
        switch self {
        case .columns(let found, let expected): "\(found) columns instead of \(expected)"
        case .time: "no valid time"
        case .symbol: "no valid symbol"
        case .price: "a price that is not above zero"
        case .quantity: "a quantity that is not zero or more"
        case .candleShape: "high and low do not enclose open and close"
        case .overflow: "numbers too large"
        case .change: "no valid pct_change"
        case .text: "no valid feed, seq, interval or source"
        }
    }
}

/// The malformed rows of one file: how many, and the first few by line.
public struct MalformedRows: Equatable, Sendable {
    public struct Example: Equatable, Sendable {
        /// From 1, the header and empty lines counted.
        public let line: Int
        public let row: MalformedRow
    }

    /// How many are named by line.
    public static let exampleLimit = 10

    public private(set) var count = 0
    public private(set) var examples: [Example] = []

    mutating func add(_ row: MalformedRow, line: Int) {
        count += 1
        if examples.count < Self.exampleLimit { examples.append(Example(line: line, row: row)) }
    }

    /// More than 1 % of `rows` (the malformed ones counted among them).
    func areTooMany(among rows: Int) -> Bool { count * 100 > rows }
}

extension MalformedRows: CustomStringConvertible {
    /// `line 3: no valid time; line 9: 5 columns instead of 6; and 4 more`.
    public var description: String {
        var text = examples.map { "line \($0.line): \($0.row.text)" }.joined(separator: "; ")
        if count > examples.count { text += "; and \(count - examples.count) more" }
        return text
    }
}
