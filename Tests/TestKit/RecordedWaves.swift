import PrivateServers

/// A recorded market in waves that are bought and sold with a profit: three coins, a trade each a
/// second.
public enum RecordedWaves {
    private static let start = 1_790_000_000
    private static let wave = 180

    /// - Parameter price: of the coin at this place in this second.
    public static func write(
        _ seconds: Range<Int>, to path: String, price: (_ place: Int, _ second: Int) -> Int = price
    ) throws {
        var text = "ts_ms,symbol,price,qty\n"
        for second in seconds {
            for (place, symbol) in ["BTC_USDT", "ETH_USDT", "SOL_USDT"].enumerated() {
                let time = (start + second) * 1000 + place
                text += "\(time),\(symbol),\(price(place, second)),10\n"
            }
        }
        try Files.write(text, to: path)
    }

    /// Each coin's waves come a little earlier than those of the one before.
    public static func price(_ place: Int, _ second: Int) -> Int {
        10_000 * (place + 1) * permille((second + 10 * place) % wave) / 1000
    }

    /// A minute up, a minute of rest, a step down, and slowly back.
    private static func permille(_ phase: Int) -> Int {
        switch phase {
        case ..<60: 1000 + 200 * phase / 60
        case ..<120: 1200
        case ..<125: 1160
        default: 1160 - 160 * (phase - 125) / (wave - 125)
        }
    }
}
