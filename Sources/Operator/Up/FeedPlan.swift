import CoreModels
import Ledger
import MarketSources
import ServiceKit
import Services

/// A chosen market made ready for one stack: what the services have to know of it, and how it is
/// played.
struct FeedPlan {
    /// Variables that hold for the services, whatever the environment says.
    let environment: [String: String]
    private let start: (StackAddress) throws -> any Feed

    private init(
        environment: [String: String], start: @escaping (StackAddress) throws -> any Feed
    ) {
        self.environment = environment
        self.start = start
    }

    /// Begins to play; the services are ready.
    func makeFeed(_ stack: StackAddress) throws -> any Feed { try start(stack) }

    static var none: FeedPlan { FeedPlan(environment: [:]) { _ in NoFeed() } }

    // MARK: Recorded files

    /// - Parameters:
    ///   - history: of this feed.
    ///   - settings: of the operator.
    /// - Throws: `CommandFailure.wrongUse` when the files' time lies behind the stack's.
    static func recorded(
        _ market: RecordedMarket, _ choice: FeedChoice, _ history: MarketHistory,
        _ settings: Configuration
    ) throws -> FeedPlan {
        if history.committed == nil, let last = history.lastTime,
            let first = market.span?.lowerBound,
            first < last
        {
            throw CommandFailure.wrongUse(
                "the files begin at \(first.text), but this stack's market is at \(last.text): "
                    + "time does not go back; play them in a directory of their own (--dir)")
        }
        let source = try RecordedSource(market, screener: settings.screenerSettings)
        let title = "replay of \(market.paths.count) files, \(market.rows) rows, as \(market.feed)"
        return FeedPlan(environment: variables(market, settings)) { stack in
            LockStepFeed(title, try replayer(source, stack, choice.speed)) { source.readInThousand }
        }
    }

    /// On candles no price fills the order it led to, and data is stale after two candles at the
    /// earliest.
    private static func variables(
        _ market: RecordedMarket, _ settings: Configuration
    ) -> [String: String] {
        var variables = ["CDB_CLOCK": "market"]
        guard market.hasCandles else { return variables }
        if !settings.isGiven("PAPER_LATENCY_MS") { variables["PAPER_LATENCY_MS"] = "1" }
        let seconds = Int((market.longestInterval + 999) / 1000)
        variables["CDB_CANDLE_SEC"] = "\(seconds)"
        return variables
    }

    // MARK: The simulator

    static let simulationStart = "CDB_SIM_START"

    /// - Parameters:
    ///   - remembered: where the simulator of this stack began, if it ever did.
    ///   - history: of a feed, by its name.
    ///   - now: wall clock.
    /// - Returns: the plan, and where the simulator begins.
    static func simulated(
        _ choice: FeedChoice, remembered: Timestamp?, _ settings: Configuration, now: Timestamp,
        history: (String) throws -> MarketHistory
    ) throws -> (FeedPlan, start: Timestamp) {
        let isRealTime = choice.speed == Ratio(1)
        let screener = settings.screenerSettings
        let first = remembered ?? (isRealTime ? now : SyntheticMarket.defaultStart)
        var start = first
        var source = SimulatedSource(seed: choice.seed, start: start, screener: screener)
        var known = try history(source.feed)
        var next = source.time(after: known.committed ?? 0)
        if let last = known.lastTime, let time = next, time < last {
            // Something else was played meanwhile: the simulator goes on where the market is.
            start = last
            source = SimulatedSource(seed: choice.seed, start: start, screener: screener)
            known = try history(source.feed)
            next = source.time(after: known.committed ?? 0)
        }
        // On the wall clock a price from the future would be refused.
        let usesWallClock = isRealTime && (next ?? now) <= now.advanced(by: 1_000)
        let title = "simulator, seed \(choice.seed), speed \(choice.speed)"
        let plan = FeedPlan(
            environment: ["CDB_CLOCK": usesWallClock ? "wall" : "market"]
        ) { [source] stack in
            LockStepFeed(title, try replayer(source, stack, choice.speed))
        }
        return (plan, start)
    }

    private static func replayer(
        _ source: any ReplaySource, _ stack: StackAddress, _ speed: Ratio
    ) throws -> Replayer {
        try Replayer(
            source: source, redis: stack.redis(), postgres: stack.postgres(), speed: speed.double)
    }
}
