import PrivateServers

/// A recorded market that leaves nothing out: waves that are bought and sold with a profit, a drop
/// that reaches a stop-loss, and a crash that costs more than a day may.
enum StoryMarket {
    /// Market seconds for one second of the test.
    static let speed = 30
    private static let start = 1_790_000_000
    private static let seconds = 900
    private static let wave = 180
    private static let drop = 250..<255
    private static let crash = 455

    static func write(to path: String) throws {
        var text = "ts_ms,symbol,price,qty\n"
        for second in 0..<seconds {
            for (place, symbol) in ["BTC_USDT", "ETH_USDT", "SOL_USDT"].enumerated() {
                let time = (start + second) * 1000 + place
                text += "\(time),\(symbol),\(price(place, second)),10\n"
            }
        }
        try Files.write(text, to: path)
    }

    /// Each coin's waves come a little earlier than those of the one before; all are held when the
    /// crash comes.
    private static func price(_ place: Int, _ second: Int) -> Int {
        let calm = 10_000 * (place + 1)
        var price = calm * permille((second + 10 * place) % wave) / 1000
        if place == 2, drop.contains(second) { price = price * 9 / 10 }
        return second < crash ? price : price * 6 / 10
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
