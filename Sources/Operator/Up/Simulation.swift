import CoreModels
import MarketSources

/// Where the simulator's market stands when a stack starts, and how fast it goes.
struct Simulation: Equatable {
    /// A longer history is not played through at a start: the market begins anew where it is.
    private static let longestHistory: Int64 = 86_400_000

    let seed: UInt64
    /// Market seconds per second; above zero.
    let speed: Ratio
    /// Where its script began.
    let origin: Timestamp
    /// Where it goes on.
    let start: Timestamp
    /// Its time is that of the wall clock.
    let isWallTime: Bool

    /// - Parameters:
    ///   - remembered: where the market of this stack began, if it ever did.
    ///   - last: where the stack's market is, whoever played it.
    ///   - now: wall clock.
    init(_ choice: FeedChoice, remembered: Timestamp?, last: Timestamp?, now: Timestamp) {
        seed = choice.seed
        speed = choice.speed
        let isRealTime = speed == Ratio(1)
        let first = remembered ?? last ?? (isRealTime ? now : SyntheticMarket.defaultStart)
        start = max(first, last ?? first)
        origin = start.since(first) <= Self.longestHistory ? first : start
        // On the wall clock a price from the future would be refused, and one of yesterday is stale.
        isWallTime = isRealTime && start == now
    }

    var title: String { "simulator, seed \(seed), speed \(speed)" }

    /// What mexc_sim is told when it starts this many milliseconds of wall time after the market did.
    func arguments(port: String, elapsed: Int64) -> [String] {
        let passed = Int64(Int128(elapsed) * speed.raw / FixedArithmetic.one)
        return [
            "--port", port, "--seed", "\(seed)", "--speed", "\(speed)",
            "--start", "\(start.advanced(by: passed).milliseconds)",
            "--origin", "\(origin.milliseconds)",
        ]
    }
}
