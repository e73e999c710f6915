public import CoreModels

/// Why a file of recorded prices cannot be used. The text names the file and the remedy.
public enum MarketFileError: Error, Equatable, Sendable {
    /// The bytes cannot be had: no such file, no permission, a broken archive.
    case unreadable(file: String, reason: String)
    /// Neither the header nor the number and form of the columns is one we know.
    case unknownLayout(file: String, reason: String)
    /// No symbol in the name, in a column, or given.
    case noSymbol(file: String)
    /// Candles whose length neither the name nor the rows tell.
    case noInterval(file: String)
    case noRows(file: String)
    /// More than 1 % of the rows are malformed.
    case tooManyMalformed(file: String, MalformedRows, rows: Int)
    /// A row lies further back in time than the look-ahead can put right.
    case outOfOrder(file: String, line: Int, time: Timestamp, after: Timestamp)
    /// A recording beside trades or candles.
    case mixed(recording: String, other: String)
    /// No room, no permission, no such directory.
    case unwritable(file: String, reason: String)
}

extension MarketFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
        case .unknownLayout(let file, let reason): "\(file): unknown layout: \(reason)"
        case .noSymbol(let file):
            "\(file): no symbol: name the file like BTCUSDT-1m-2026.csv or give --symbol BTC_USDT"
        case .noInterval(let file):
            "\(file): the candles' interval cannot be told from the rows: "
                + "put it into the name, like BTCUSDT-1m-2026.csv"
        case .noRows(let file): "\(file): holds no rows"
        case .tooManyMalformed(let file, let malformed, let rows):
            "\(file): \(malformed.count) of \(rows) rows are malformed, more than 1 %: \(malformed)"
        case .outOfOrder(let file, let line, let time, let after):
            "\(file): line \(line) goes back to \(time.milliseconds) ms after "
                + "\(after.milliseconds) ms, further than \(MarketFile.lookAhead) rows: "
                + "sort the file by time"
        case .mixed(let recording, let other):
            "\(recording) is a recording of cdb record and \(other) is none: "
                + "play one kind at a time"
        case .unwritable(let file, let reason): "\(file): cannot be written: \(reason)"
        }
    }
}
