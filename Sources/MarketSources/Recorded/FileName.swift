public import CoreModels

/// What a file's name says about its rows: `BTCUSDT-1m-2026-01.csv.gz`.
public struct FileName: Equatable, Sendable {
    /// The first part that is a pair: `BTCUSDT`, or `BTC_USDT`.
    public let symbol: Symbol?
    /// The length of its candles in milliseconds: `1m`, `15m`, `4h`, `1d`, `1w`.
    public let interval: Int64?

    public init(_ path: String) {
        let base = path.split(separator: "/").last ?? ""
        let parts = base.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        symbol = Self.symbol(parts)
        interval = parts.lazy.compactMap(Self.interval).first
    }

    private static func symbol(_ parts: [Substring]) -> Symbol? {
        for (place, part) in parts.enumerated() {
            if place + 1 < parts.count, quotes.contains(parts[place + 1].uppercased()) {
                return Symbol("\(part)_\(parts[place + 1])")
            }
            if let symbol = Symbol(String(part)) { return symbol }
        }
        return nil
    }

    private static let quotes = ["USDT", "USDC", "USD", "FDUSD", "EUR", "BTC", "ETH"]

    private static func interval(_ part: Substring) -> Int64? {
        guard let unit = part.last, let count = Int64(part.dropLast()), count > 0, count < 1000
        else { return nil }
        switch unit {
        case "s": return count * 1000
        case "m": return count * 60_000
        case "h": return count * 3_600_000
        case "d": return count * 86_400_000
        case "w": return count * 604_800_000
        default: return nil
        }
    }
}
