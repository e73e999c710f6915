import CoreModels
import Ledger
import MarketFiles
import MarketSources
import ServiceKit
import Services

/// A chosen market made ready for one stack: what the services have to know of it, and how it is
/// played.
struct FeedPlan {
    /// Variables that hold for the services, whatever the environment says.
    let environment: [String: String]
    /// What runs beside the services.
    let programs: [StackProgram]
    private let start: (PrivateStack, StackAddress) throws -> any Feed

    private init(
        environment: [String: String], programs: [StackProgram] = [],
        start: @escaping (PrivateStack, StackAddress) throws -> any Feed
    ) {
        self.environment = environment
        self.programs = programs
        self.start = start
    }

    /// Begins to play; the services are ready.
    func makeFeed(_ stack: PrivateStack, _ address: StackAddress) throws -> any Feed {
        try start(stack, address)
    }

    static var none: FeedPlan { FeedPlan(environment: [:]) { _, _ in NoFeed() } }

    // MARK: Recorded files

    /// - Parameters:
    ///   - history: of this feed.
    ///   - settings: of the operator.
    /// - Throws: `CommandFailure.wrongUse` when the files' time lies behind the stack's.
    static func recorded(
        _ market: RecordedMarket, _ choice: FeedChoice, _ history: MarketHistory,
        _ settings: Configuration
    ) throws -> FeedPlan {
        try history.refuseEarlier(market)
        return FeedPlan(environment: variables(market, settings)) { _, address in
            try recordedFeed(market, choice, settings, address)
        }
    }

    /// Files as a feed of a stack that runs.
    static func recordedFeed(
        _ market: RecordedMarket, _ choice: FeedChoice, _ settings: Configuration,
        _ stack: StackAddress
    ) throws -> any Feed {
        let source = try RecordedSource(market, screener: settings.screenerSettings)
        let title = "replay of \(market.paths.count) files, \(market.rows) rows, as \(market.feed)"
        let replayer = try Replayer(
            source: source, redis: stack.redis(), postgres: stack.postgres(),
            speed: choice.speed.double)
        return LockStepFeed(title, replayer) { source.readInThousand }
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

    // MARK: Exchanges

    /// The real one.
    static func exchange() -> FeedPlan {
        FeedPlan(environment: [:], programs: StackProgram.feeds) { stack, address in
            let url = try address.allSettings().text("MEXC_WS_URL")
            for feed in StackProgram.feeds { try stack.start(feed) }
            return ExchangeFeed("MEXC at \(url)", stack, address, StackProgram.feeds)
        }
    }

    /// The simulator on this machine, at this point of its market.
    static func simulated(_ simulation: Simulation, port: String) -> FeedPlan {
        let programs = StackProgram.feeds + [.simulator]
        let environment = [
            "CDB_CLOCK": simulation.isWallTime ? "wall" : "market",
            "MEXC_WS_URL": "ws://127.0.0.1:\(port)/edge",
            "MEXC_REST_URL": "http://127.0.0.1:\(port)",
        ]
        let planned = SystemClock.monotonicMilliseconds
        return FeedPlan(environment: environment, programs: programs) { stack, address in
            // What the services needed to start has passed on the wall clock, not in a market of its own.
            let opened = simulation.isWallTime ? planned : SystemClock.monotonicMilliseconds
            try stack.start(.simulator) {
                simulation.arguments(
                    port: port, elapsed: SystemClock.monotonicMilliseconds - opened)
            }
            for feed in StackProgram.feeds { try stack.start(feed) }
            return ExchangeFeed(simulation.title, stack, address, programs)
        }
    }
}
