import PrivateServers

/// A recorded market in two parts: waves that are bought and sold with a profit; the first part ends
/// while the second wave is held.
enum BackedUpMarket {
    static let first = 0..<270
    static let second = 270..<900
    /// A window that the waves fill, and a volatility that they do not exceed.
    static let settings = [
        "PATH": "/usr/bin:/bin", "LOOKBACK_MINUTES": "1", "SIGNAL_THRESHOLD_PCT": "2",
        "SIGNAL_COOLDOWN_SEC": "10", "MAX_VOLATILITY_5M_PCT": "0.5", "CDB_CLOCK": "market",
    ]

    private static let start = 1_790_000_000
    private static let wave = 180

    static func write(_ seconds: Range<Int>, to path: String) throws {
        var text = "ts_ms,symbol,price,qty\n"
        for second in seconds {
            for (place, symbol) in ["BTC_USDT", "ETH_USDT", "SOL_USDT"].enumerated() {
                let price = 10_000 * (place + 1) * permille((second + 10 * place) % wave) / 1000
                text += "\((start + second) * 1000 + place),\(symbol),\(price),10\n"
            }
        }
        try Files.write(text, to: path)
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
