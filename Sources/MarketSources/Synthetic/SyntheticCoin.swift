import CoreModels

/// What is special about one coin of the synthetic market.
struct SyntheticCoin: Sendable {
    let symbol: Symbol
    /// The price it starts from, in ticks of 10^-`decimals`.
    let ticks: Int64
    let decimals: Int
    /// Standard deviation of one step, in millionths of the price.
    let noise: Int64
    /// Usual turnover a minute, in whole USDT.
    let turnover: Int64
    /// Between bid and ask, in hundredths of a basis point (millionths of the price).
    let spread: Int64

    private init(
        _ name: String, _ ticks: Int64, _ decimals: Int, noise: Int64, turnover: Int64,
        spread: Int64
    ) {
        guard let symbol = Symbol(name + "_USDT") else {
            preconditionFailure("\(name) is no name for a synthetic coin")
        }
        self.symbol = symbol
        self.ticks = ticks
        self.decimals = decimals
        self.noise = noise
        self.turnover = turnover
        self.spread = spread
    }

    /// A large coin: calm, liquid.
    private static func major(_ name: String, _ ticks: Int64, _ decimals: Int) -> SyntheticCoin {
        SyntheticCoin(name, ticks, decimals, noise: 150, turnover: 900_000, spread: 60)
    }

    /// A smaller one: livelier, still liquid enough to trade.
    private static func alt(_ name: String, _ ticks: Int64, _ decimals: Int) -> SyntheticCoin {
        SyntheticCoin(name, ticks, decimals, noise: 220, turnover: 120_000, spread: 180)
    }

    /// One that hardly anybody trades: below the usual minimum volume of a signal.
    private static func micro(_ name: String, _ ticks: Int64, _ decimals: Int) -> SyntheticCoin {
        SyntheticCoin(name, ticks, decimals, noise: 350, turnover: 1_500, spread: 700)
    }

    static let all: [SyntheticCoin] =
        [
            major("BTC", 9_612_450, 2), major("ETH", 331_277, 2), major("SOL", 18_743, 2),
            major("XRP", 22_915, 4), major("BNB", 68_120, 2), major("ADA", 9_134, 4),
            major("DOGE", 321_870, 6), major("AVAX", 37_455, 3), major("LINK", 21_872, 3),
            major("LTC", 10_344, 2),
        ] + rally + prelude + [volt, gloom, fog] + [
            micro("DUSTY", 44_120, 7), micro("QUILL", 18_900, 5), micro("TAPIR", 77_310, 6),
            alt("PALMA", 65_220, 5), alt("RUNIC", 12_480, 4), alt("SABLE", 90_155, 6),
            alt("TERNA", 47_760, 4), alt("UMBRA", 31_090, 3), alt("WISPY", 86_400, 7),
        ]

    /// Those that rise before the great fall.
    static let rally: [SyntheticCoin] = [
        alt("AMBER", 15_530, 4), alt("BRISK", 62_471, 5), alt("CEDAR", 83_340, 3),
        // Many decimals: 0.00000000002947.
        alt("DRIFT", 29_470, 15),
        // A large price.
        alt("EMBER", 41_280_000, 2), alt("FLINT", 27_716, 6), alt("GROVE", 50_915, 5),
    ]

    /// Those that rise and fall in the first half of the hour.
    static let prelude: [SyntheticCoin] = [
        alt("LUMA", 73_205, 5), alt("HAVEN", 38_214, 4), alt("IVORY", 91_004, 6),
        alt("JOLLY", 24_417, 5), alt("KARST", 56_690, 4),
    ]

    /// Rises too fast, falls unheld, trades on a thin book.
    static let volt = alt("VOLT", 12_345, 5)
    static let gloom = alt("GLOOM", 48_821, 4)
    static let fog = alt("FOGGY", 33_962, 6)
}
